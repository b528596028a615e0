package io.cairn.bench;

import static io.cairn.bench.Table.number;

import io.cairn.adapter.sql.PostgresLogStorage;
import io.cairn.adapter.sql.SqliteLogStorage;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.task.Lane;
import io.cairn.task.NewTask;
import io.cairn.task.Outcome;
import io.cairn.task.TaskType;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// What one unit of work for many saves beside a unit each; and what readers gain that wait for no writer, beside one
/// lock around the whole store.
final class UnitBench {
    private static final int READERS = 8;
    private static final int STREAM_EVENTS = 20;
    private static final long READING_MS = 4_000;

    private final Ids ids = new Ids(Clock.systemUTC(), new SecureRandom());
    private final int count;

    private UnitBench(int count) {
        this.count = count;
    }

    static void run(Options options) throws Exception {
        var bench = new UnitBench(options.number("count", 500));
        var folder = Files.createTempDirectory("cairn-units-");
        try {
            bench.run("SQLite", SqliteLogStorage.open(folder.resolve("log.db"), READERS));
        } finally {
            Folders.delete(folder);
        }
        var server = PostgresServer.named();
        if (server.isPresent()) {
            server.get()
                    .withSchema("units", schema -> bench.run("PostgreSQL", PostgresLogStorage.open(schema.settings())));
        }
    }

    /// @return the store
    private String run(String store, LogStorage storage) throws Exception {
        var type = TaskType.of("nothing", "all", execution -> Outcome.done());
        try (var node = TaskNode.open(storage, List.of(Lane.parallel("all", 1)), type)) {
            var table = Table.begin(
                    "Units of work on " + store, "case", "one each", "in one unit", "less time", "expected");
            bulk(
                    table,
                    "%d events".formatted(count),
                    () -> each(i -> append(node, List.of(event(i)))),
                    () -> append(
                            node,
                            IntStream.range(0, count).mapToObj(this::event).toList()));
            bulk(
                    table,
                    "%d tasks".formatted(count),
                    () -> each(i -> node.enqueue(TaskNode.CONTEXT, List.of(node.task("nothing")))),
                    () -> node.enqueue(TaskNode.CONTEXT, tasks(node)));
            reads(store, node);
        }
        return store;
    }

    private interface Work {
        void run();
    }

    private interface Numbered {
        void run(int number);
    }

    private void each(Numbered work) {
        for (int i = 0; i < count; i++) {
            work.run(i);
        }
    }

    private static void bulk(Table table, String what, Work single, Work bulk) {
        single.run();
        bulk.run();
        double apart = seconds(single);
        double together = seconds(bulk);
        table.row(
                what + ", one client",
                number("%.3f s", apart),
                number("%.3f s", together),
                number("%.0f %%", 100 * (1 - together / apart)),
                "50–80 %");
    }

    private static double seconds(Work work) {
        long begun = System.nanoTime();
        work.run();
        return (System.nanoTime() - begun) / 1e9;
    }

    private List<NewTask> tasks(TaskNode node) {
        return IntStream.range(0, count).mapToObj(i -> node.task("nothing")).toList();
    }

    private NewEvent event(int number) {
        var payload = JsonNodeFactory.instance.objectNode().put("number", number);
        return new NewEvent(ids.next(), new EventType("Happened"), 1, "nobody", payload, Instant.now(), null);
    }

    private static void append(TaskNode node, List<NewEvent> events) {
        append(node, "bulk", events);
    }

    private static void append(TaskNode node, String stream, List<NewEvent> events) {
        node.log()
                .append(Unit.of(
                        TaskNode.CONTEXT, new StreamAppend(new StreamId("bench", stream), new Expected.Any(), events)));
    }

    // Readers beside a writer

    private void reads(String store, TaskNode node) throws Exception {
        var streams = new ArrayList<String>();
        for (int i = 0; i < READERS; i++) {
            var stream = "read-" + i;
            append(
                    node,
                    stream,
                    IntStream.range(0, STREAM_EVENTS).mapToObj(this::event).toList());
            streams.add(stream);
        }
        var table = Table.begin(
                "Reads of a stream of %d events by %d threads while one appends, on %s"
                        .formatted(STREAM_EVENTS, READERS, store),
                "side",
                "reads/s",
                "appends/s");
        readWhileWriting(node, streams, null);
        var apart = readWhileWriting(node, streams, null);
        var locked = readWhileWriting(node, streams, new ReentrantLock());
        table.row("each by itself", number("%.0f", apart.reads()), number("%.0f", apart.appends()));
        table.row("one lock around the store", number("%.0f", locked.reads()), number("%.0f", locked.appends()));
        System.out.printf(
                "%nWithout the lock %.0f %% more reads (expected 20–30 %%) and %.0f %% more appends%n",
                100 * (apart.reads() / locked.reads() - 1), 100 * (apart.appends() / locked.appends() - 1));
    }

    /// Per second.
    private record Rates(double reads, double appends) {}

    private Rates readWhileWriting(TaskNode node, List<String> streams, @Nullable ReentrantLock lock) throws Exception {
        var going = new AtomicBoolean(true);
        var reads = new LongAdder();
        var appends = new LongAdder();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var working = new ArrayList<Future<?>>();
            for (var stream : streams) {
                working.add(threads.submit(() -> repeat(
                        going,
                        lock,
                        reads,
                        () -> node.log()
                                .read(
                                        TaskNode.CONTEXT.tenant(),
                                        view -> view.stream(new StreamId("bench", stream), 0, STREAM_EVENTS)))));
            }
            working.add(threads.submit(() -> repeat(going, lock, appends, () -> append(node, List.of(event(0))))));
            long begun = System.nanoTime();
            Thread.sleep(READING_MS);
            going.set(false);
            for (var one : working) {
                one.get();
            }
            double took = (System.nanoTime() - begun) / 1e9;
            return new Rates(reads.sum() / took, appends.sum() / took);
        }
    }

    private static void repeat(AtomicBoolean going, @Nullable ReentrantLock lock, LongAdder count, Work work) {
        while (going.get()) {
            if (lock == null) {
                work.run();
            } else {
                lock.lock();
                try {
                    work.run();
                } finally {
                    lock.unlock();
                }
            }
            count.increment();
        }
    }
}
