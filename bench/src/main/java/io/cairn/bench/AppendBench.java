package io.cairn.bench;

import static io.cairn.bench.Table.number;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.adapter.sql.SqliteLogStorage;
import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.EventLogSettings;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.event.Upcasters;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/// Appends with 1 KB payloads and a flush per commit, beside the bare loop over the same tables.
///
/// The rounds of both take turns, each on files of its own, so that a busy disk or processor meets both.
final class AppendBench {
    private static final int PAYLOAD_BYTES = 1024;
    private static final int SEAL_BYTES = 28;
    private static final int WRITERS = 50;
    private static final EventType TYPE = new EventType("Happened");
    private static final Context CONTEXT = new Context(Tenant.DEFAULT, "bench", "bench");

    private final Ids ids = new Ids(Clock.systemUTC(), new SecureRandom());
    private final int rounds;

    private AppendBench(int rounds) {
        this.rounds = rounds;
    }

    /// What one side did in one round.
    private record Round(double perSecond, double cpuMicros) {}

    /// Appends one event to a writer's stream and waits until it is durable.
    @FunctionalInterface
    private interface Append {
        void to(String stream) throws Exception;
    }

    /// A side of the comparison, on new files.
    @FunctionalInterface
    private interface Side {
        Round run(Path file) throws Exception;
    }

    static void run(Options options) throws Exception {
        var bench = new AppendBench(options.number("rounds", 7));
        int many = options.number("events", 50_000);
        int few = options.number("single", 10_000);
        var table = Table.begin(
                "Append, 1 KB payloads, FULL sync, median of %d rounds".formatted(bench.rounds),
                "writers",
                "bare JDBC",
                "Cairn",
                "ratio [least–most]",
                "processor time per event",
                "goal");
        bench.compare(
                table,
                WRITERS + ", group commit",
                .5,
                file -> bench.bareGrouped(file, many),
                file -> bench.cairn(file, WRITERS, many));
        bench.compare(table, "1", .8, file -> bench.bareSingle(file, few), file -> bench.cairn(file, 1, few));
    }

    private void compare(Table table, String writers, double goal, Side bare, Side cairn) throws Exception {
        var folder = Files.createTempDirectory("cairn-bench");
        try {
            var theirs = new ArrayList<Round>();
            var ours = new ArrayList<Round>();
            for (int round = -1; round < rounds; round++) {
                var one = bare.run(folder.resolve("bare-%d.db".formatted(round)));
                var other = cairn.run(folder.resolve("cairn-%d.db".formatted(round)));
                if (round >= 0) {
                    theirs.add(one);
                    ours.add(other);
                }
            }
            report(table, writers, goal, theirs, ours);
        } finally {
            Folders.delete(folder);
        }
    }

    private static void report(Table table, String writers, double goal, List<Round> theirs, List<Round> ours) {
        var ratios = Sample.of(
                IntStream.range(0, ours.size()),
                i -> ours.get(i).perSecond() / theirs.get(i).perSecond());
        table.row(
                writers,
                number("%,.0f/s", median(theirs, Round::perSecond)),
                number("%,.0f/s", median(ours, Round::perSecond)),
                number("%.2f [%.2f–%.2f]", ratios.median(), ratios.quantile(0), ratios.quantile(1)),
                number("%.0f and %.0f µs", median(theirs, Round::cpuMicros), median(ours, Round::cpuMicros)),
                number("≥ %.1f ", goal) + Table.met(ratios.median() >= goal));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> of) {
        return new Sample(rounds.stream().mapToDouble(of).toArray()).median();
    }

    private Round cairn(Path file, int writers, int events) throws Exception {
        var random = new SecureRandom();
        var payload = JsonMapper.shared().createObjectNode().put("text", "x".repeat(PAYLOAD_BYTES - 11));
        try (var log = new EventLog(
                        SqliteLogStorage.open(file, 1),
                        MasterKey.random(random),
                        List.of(),
                        Upcasters.none(),
                        ids,
                        random,
                        EventLogSettings.defaults())
                .start()) {
            return timed(writers, events, stream -> {
                var event = new NewEvent(ids.next(), TYPE, 1, stream, payload, ids.now(), null);
                var append = new StreamAppend(new StreamId("thing", stream), Expected.any(), List.of(event));
                if (!(log.append(Unit.of(CONTEXT, append)) instanceof Appended.Written)) {
                    throw new IllegalStateException("An event was not written");
                }
            });
        }
    }

    private Round bareGrouped(Path file, int events) throws Exception {
        try (var log = BareLog.open(file)) {
            var writer = Thread.ofPlatform().start(() -> {
                try {
                    log.groupCommits();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            try {
                return timed(WRITERS, events, stream -> log.offer(row(stream)).get());
            } finally {
                writer.interrupt();
                writer.join();
            }
        }
    }

    private Round bareSingle(Path file, int events) throws Exception {
        try (var log = BareLog.open(file)) {
            return timed(1, events, stream -> log.write(row(stream)));
        }
    }

    private BareLog.Row row(String stream) {
        return new BareLog.Row(
                stream,
                bytes(ids.next()),
                new byte[16],
                "{\"correlation\":\"bench\",\"actor\":\"bench\"}".getBytes(UTF_8),
                new byte[PAYLOAD_BYTES + SEAL_BYTES]);
    }

    private static byte[] bytes(UUID id) {
        return ByteBuffer.allocate(16)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static Round timed(int writers, int events, Append append) throws Exception {
        long cpu = cpuNanos();
        long start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Callable<Void>>();
            for (int writer = 0; writer < writers; writer++) {
                var stream = "stream-" + writer;
                all.add(() -> {
                    for (int i = 0; i < events / writers; i++) {
                        append.to(stream);
                    }
                    return null;
                });
            }
            for (var done : threads.invokeAll(all)) {
                done.get();
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Round(events / seconds, (cpuNanos() - cpu) / 1e3 / events);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
