package io.cairn.bench;

import static io.cairn.bench.Table.number;

import io.cairn.adapter.sql.PostgresLogStorage;
import io.cairn.adapter.sql.SqliteLogStorage;
import io.cairn.batch.BatchSize;
import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.Payload;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.Rows;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.Leases;
import io.cairn.memory.ConversationId;
import io.cairn.memory.NewMessage;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.Embeddings;
import io.cairn.projection.RowProjection;
import io.cairn.projection.RunningProjection;
import io.cairn.projection.RunningRows;
import io.cairn.row.RowChange;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import io.cairn.text.Language;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// How fast projections follow and are rebuilt beside a bare read of the log, and when readers see what was
/// acknowledged.
final class ProjectionsBench {
    private static final double GOAL = .5;
    private static final int UNIT = 1000;
    private static final int STREAMS = 1000;
    private static final int PAGE = 2000;
    private static final long PAGE_BYTES = 8 << 20;
    private static final int REPEATS = 5;
    private static final Duration TIME_MAX = Duration.ofMinutes(5);
    private static final EventType PLACED = new EventType("order.placed");

    private static final io.cairn.row.Table ORDERS = new io.cairn.row.Table(
            "orders",
            io.cairn.row.Table.Kind.DERIVED,
            List.of(io.cairn.row.Table.Column.text("customer")),
            List.of(io.cairn.row.Table.Column.number("orders"), io.cairn.row.Table.Column.number("cents")));

    private final SecureRandom random = new SecureRandom();
    private final MasterKey master = MasterKey.random(random);
    private final Ids ids = new Ids(Clock.systemUTC(), random);

    /// Orders of each customer, and what they came to.
    private static final class Orders implements RowProjection {
        @Override
        public String name() {
            return "orders";
        }

        @Override
        public List<io.cairn.row.Table> tables() {
            return List.of(ORDERS);
        }

        @Override
        public List<RowChange> changes(Event event, Rows rows) {
            var customer = event.stream().id();
            var before = rows.row(ORDERS, ORDERS.key(customer));
            long orders = before.map(row -> row.number("orders")).orElse(0L) + 1;
            long cents = before.map(row -> row.number("cents")).orElse(0L)
                    + ((Payload.Open) event.payload()).json().path("cents").asLong();
            return List.of(
                    new RowChange.Put(ORDERS.row(Map.of("customer", customer, "orders", orders, "cents", cents))));
        }
    }

    /// A process with its own log on a shared storage.
    private final class Node implements AutoCloseable {
        final EventLog log;
        final Leases leases;
        final RunningRows projection;

        Node(LogStorage storage, String name) {
            log = EventLog.on(storage)
                    .sealedWith(master)
                    .ids(ids)
                    .random(random)
                    .start();
            leases = new Leases(log, name, LeaseSettings.defaults(), System::nanoTime).start();
            projection = new RunningRows(
                    new Orders(),
                    log,
                    leases,
                    FollowSettings.defaults().batches(new BatchSize(500, 2000, 10_000)),
                    Clock.systemUTC());
        }

        void append(Tenant tenant, String customer) {
            append(tenant, List.of(append(customer, List.of(order(customer)))));
        }

        void append(Tenant tenant, List<StreamAppend> appends) {
            if (!(log.append(new Unit(new Context(tenant, "bench", "bench"), appends, List.of(), List.of()))
                    instanceof Appended.Written)) {
                throw new IllegalStateException("Orders were not written");
            }
        }

        private StreamAppend append(String customer, List<NewEvent> events) {
            return new StreamAppend(new StreamId("order", customer), Expected.any(), events);
        }

        private NewEvent order(String customer) {
            var payload =
                    JsonMapper.shared().createObjectNode().put("cents", 990).put("article", "a small thing");
            return new NewEvent(ids.next(), PLACED, 1, customer, payload, Instant.EPOCH, null);
        }

        void fill(int events) {
            int each = 10;
            for (int done = 0; done < events; done += UNIT) {
                int first = done / UNIT * (UNIT / each);
                append(
                        Tenant.DEFAULT,
                        IntStream.range(0, UNIT / each)
                                .mapToObj(i -> "customer-" + (first + i) % STREAMS)
                                .map(customer -> append(
                                        customer,
                                        IntStream.range(0, each)
                                                .mapToObj(i -> order(customer))
                                                .toList()))
                                .toList());
            }
        }

        @Override
        public void close() {
            projection.close();
            leases.close();
            log.close();
        }
    }

    static void run(Options options) throws Exception {
        var bench = new ProjectionsBench();
        int events = options.number("events", 100_000);
        // Rows, words and delays, unless some of them are named.
        Predicate<String> wanted =
                part -> options.words().isEmpty() || options.words().contains(part);
        var server = PostgresServer.named();
        var table = Table.begin(
                "Projections, %,d events, median of %d".formatted(events, REPEATS),
                "projection",
                "bare read of the log",
                "first run",
                "rebuild",
                "rebuild to bare read",
                "goal");
        var folder = Files.createTempDirectory("cairn-bench");
        try {
            if (wanted.test("rows")) {
                bench.rows(table, "rows on SQLite", SqliteLogStorage.open(folder.resolve("log.db"), 2), events);
            }
            if (wanted.test("rows") && server.isPresent()) {
                server.get().withSchema("projections", schema -> {
                    bench.rows(table, "rows on PostgreSQL", PostgresLogStorage.open(schema.settings()), events);
                    return table;
                });
            }
            if (wanted.test("words")) {
                bench.words(table, events, folder);
            }
        } finally {
            Folders.delete(folder);
        }
        if (wanted.test("delays") && server.isPresent()) {
            server.get().withSchema("delay", schema -> {
                bench.delays(schema, options.number("writes", 1000));
                return table;
            });
        }
    }

    private void rows(Table table, String what, LogStorage storage, int events) throws InterruptedException {
        try (var node = new Node(storage, "one")) {
            node.fill(events);
            long start = System.nanoTime();
            node.projection.start();
            await(node.projection, node.log);
            var first = number("%,.0f/s", perSecond(events, start));
            measured(table, what, node.projection, node.log, events, first);
        }
    }

    private void words(Table table, int events, Path folder) throws Exception {
        var model = EmbeddingModel.inMemory(16);
        try (var embeddings = new Embeddings(
                        model,
                        new NoVectors(),
                        master::fingerprintKey,
                        EmbeddingMeter.none(),
                        Embeddings.Settings.DEFAULT);
                var engine = new Engine(
                        Files.createDirectories(folder.resolve("words")), master, embeddings, new Language("en"))) {
            // The dense index is not to take processors from what is measured, as its merges would for long.
            engine.dense.close();
            var context = new Context(Tenant.DEFAULT, "bench", "bench");
            for (int i = 0; i < events; i += 100) {
                int first = i;
                engine.conversations.add(
                        context,
                        new ConversationId("c" + i / 1000),
                        IntStream.range(i, i + 100)
                                .mapToObj(number -> new NewMessage(
                                        "m" + number,
                                        "user",
                                        "Caroline",
                                        "In week %d we walked to lake %d and talked about the %d things to do"
                                                .formatted(first, number, number % 97),
                                        Instant.EPOCH.plusSeconds(number),
                                        JsonNodeFactory.instance.objectNode()))
                                .toList());
            }
            await(engine.lexical, engine.log);
            measured(table, "words on Lucene", engine.lexical, engine.log, events, "");
            long units = engine.lexical.current().passages();
            if (units != events) {
                throw new IllegalStateException("Of %d messages %d were indexed".formatted(events, units));
            }
        }
    }

    private void measured(
            Table table, String what, RunningProjection projection, EventLog log, int events, String first)
            throws InterruptedException {
        var reads = new double[REPEATS];
        var rebuilds = new double[REPEATS];
        for (int i = -1; i < REPEATS; i++) {
            double read = read(log, events);
            double rebuild = rebuild(projection, events);
            if (i >= 0) {
                reads[i] = read;
                rebuilds[i] = rebuild;
            }
        }
        var ratios = Sample.of(IntStream.range(0, REPEATS), i -> rebuilds[i] / reads[i]);
        table.row(
                what,
                number("%,.0f/s", new Sample(reads).median()),
                first,
                number("%,.0f/s", new Sample(rebuilds).median()),
                number("%.2f [%.2f–%.2f]", ratios.median(), ratios.quantile(0), ratios.quantile(1)),
                number("≥ %.1f ", GOAL) + Table.met(ratios.median() >= GOAL));
    }

    /// Everything that a projection gets to see, opened, and nothing made of it.
    private static double read(EventLog log, int events) {
        int partition = log.partition(Tenant.DEFAULT);
        long start = System.nanoTime();
        long position = 0;
        for (var page = log.feed().after(partition, position, PAGE, PAGE_BYTES);
                !page.isEmpty();
                page = log.feed().after(partition, position, PAGE, PAGE_BYTES)) {
            position = page.getLast().position().number();
        }
        return perSecond(events, start);
    }

    private static double rebuild(RunningProjection projection, int events) throws InterruptedException {
        long start = System.nanoTime();
        int next = projection.rebuild();
        while (projection.health().generation() != next) {
            requireTime(start);
            Thread.sleep(1);
        }
        return perSecond(events, start);
    }

    private static void await(RunningProjection projection, EventLog log) throws InterruptedException {
        for (var head : log.heads()) {
            if (!projection.awaitVisible(head.partition(), head.number(), TIME_MAX)) {
                throw new IllegalStateException("A projection does not catch up");
            }
        }
    }

    private static void requireTime(long start) {
        if (System.nanoTime() - start > TIME_MAX.toNanos()) {
            throw new IllegalStateException("A rebuild does not end");
        }
    }

    private static double perSecond(int events, long start) {
        return events / ((System.nanoTime() - start) / 1e9);
    }

    /// Two nodes that share the partitions; one writes, and on both somebody waits for what it wrote.
    private void delays(PostgresServer schema, int writes) throws Exception {
        var table = Table.begin(
                "From acknowledged to visible in rows, %,d single writes to 8 partitions, two nodes on %s"
                        .formatted(writes, schema.line()),
                "who reads",
                "p50",
                "p99",
                "most");
        try (var here = new Node(PostgresLogStorage.open(schema.settings()), "here");
                var there = new Node(PostgresLogStorage.open(schema.settings()), "there")) {
            here.projection.start();
            there.projection.start();
            var tenants =
                    IntStream.range(0, 64).mapToObj(i -> new Tenant("t" + i)).toList();
            var same = new ArrayList<Double>();
            var other = new ArrayList<Double>();
            for (int i = -writes / 2; i < writes; i++) {
                var tenant = tenants.get(Math.floorMod(i, tenants.size()));
                here.append(tenant, "customer");
                long start = System.nanoTime();
                int partition = here.log.partition(tenant);
                long position = here.log.head(partition).number();
                var elsewhere =
                        CompletableFuture.supplyAsync(() -> millis(there.projection, partition, position, start));
                double seen = millis(here.projection, partition, position, start);
                double seenThere = elsewhere.join();
                if (i >= 0) {
                    same.add(seen);
                    other.add(seenThere);
                }
            }
            row(table, "the node that wrote", same);
            row(table, "the other node", other);
        }
    }

    private static double millis(RunningRows projection, int partition, long position, long start) {
        try {
            if (!projection.awaitVisible(partition, position, TIME_MAX)) {
                throw new IllegalStateException("A projection does not catch up");
            }
            return (System.nanoTime() - start) / 1e6;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static void row(Table table, String who, List<Double> millis) {
        var sample = new Sample(millis.stream().mapToDouble(Double::doubleValue).toArray());
        table.row(
                who,
                number("%.1f ms", sample.median()),
                number("%.1f ms", sample.quantile(.99)),
                number("%.1f ms", sample.quantile(1)));
    }
}
