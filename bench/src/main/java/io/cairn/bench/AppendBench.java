package io.cairn.bench;

import static io.cairn.bench.Table.number;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.adapter.sql.PostgresLogStorage;
import io.cairn.adapter.sql.SqliteLogStorage;
import io.cairn.bus.BusWatch;
import io.cairn.bus.EventBus;
import io.cairn.bus.Interest;
import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
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
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/// Appends with 1 KB payloads and a flush per commit, beside the bare loop over the same tables and, on
/// PostgreSQL, beside another event store in two of its versions.
///
/// The rounds of all sides take turns, each on files or in a schema of its own, so that a busy disk or processor
/// meets all of them.
final class AppendBench {
    private static final int PAYLOAD_BYTES = 1024;
    private static final int SEAL_BYTES = 28;
    private static final int WRITERS = 50;
    private static final int WARM_EVENTS = 20_000;
    private static final double BARE_GOAL = .6;
    private static final double PEER_GOAL = 2;
    private static final int OBSERVED_WRITERS = 64;
    private static final double OBSERVED_GOAL = .95;
    private static final long TOLD_NANOS_MAX = 60_000_000_000L;
    private static final EventType TYPE = new EventType("Happened");
    private static final Context CONTEXT = new Context(Tenant.DEFAULT, "bench", "bench");

    private final Ids ids = new Ids(Clock.systemUTC(), new SecureRandom());
    private final int rounds;
    private final ThreadFactory clients;

    /// Clients are virtual threads, as in the server, unless `--threads platform` says otherwise.
    private AppendBench(Options options, int roundsUnlessSaid) {
        rounds = options.number("rounds", roundsUnlessSaid);
        clients = options.named().getOrDefault("threads", "virtual").equals("platform")
                ? Thread.ofPlatform().factory()
                : Thread.ofVirtual().factory();
    }

    /// What one side did in one round.
    private record Round(double perSecond, double cpuMicros) {}

    /// Appends one event to a writer's stream and waits until it is durable.
    @FunctionalInterface
    interface Append {
        void to(String stream) throws Exception;
    }

    /// A side of the comparison, anew in each round.
    @FunctionalInterface
    private interface Side {
        Round run(int round) throws Exception;
    }

    static void run(Options options) throws Exception {
        if (options.named().containsKey("subscribers")) {
            besideSubscribers(options);
        } else if (options.named().getOrDefault("store", "sqlite").equals("postgres")) {
            onPostgres(options);
        } else {
            onSqlite(options);
        }
    }

    private static void onSqlite(Options options) throws Exception {
        var bench = new AppendBench(options, 7);
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
        var folder = Files.createTempDirectory("cairn-bench");
        try {
            bench.compare(
                    table,
                    WRITERS + ", group commit",
                    many,
                    .5,
                    round -> bench.bareGrouped(BareSqlite.open(file(folder, "grouped", round)), WRITERS, many),
                    round -> bench.cairn(SqliteLogStorage.open(file(folder, "many", round), 1), WRITERS, many));
            bench.compare(
                    table,
                    "1",
                    few,
                    .8,
                    round -> bench.bareSingle(BareSqlite.open(file(folder, "bare", round)), few),
                    round -> bench.cairn(SqliteLogStorage.open(file(folder, "one", round), 1), 1, few));
        } finally {
            Folders.delete(folder);
        }
    }

    /// Writers alone, and beside handlers of the bus that are told of each event.
    private static void besideSubscribers(Options options) throws Exception {
        var bench = new AppendBench(options, 7);
        int subscribers = options.number("subscribers", 10);
        int events = options.number("events", 50_000);
        var table = Table.begin(
                "Append by %d writers, 1 KB payloads, FULL sync, median of %d rounds"
                        .formatted(OBSERVED_WRITERS, bench.rounds),
                "subscribers",
                "alone",
                "beside them",
                "ratio [least–most]",
                "processor time per event",
                "goal");
        var folder = Files.createTempDirectory("cairn-bench");
        try {
            var sides = bench.inTurns(
                    List.of(
                            round -> bench.cairn(
                                    SqliteLogStorage.open(file(folder, "alone", round), 1), OBSERVED_WRITERS, events),
                            round -> bench.observed(
                                    SqliteLogStorage.open(file(folder, "observed", round), 1), subscribers, events)),
                    events);
            var alone = sides.getFirst();
            var observed = sides.getLast();
            var ratios = ratios(observed, alone);
            table.row(
                    subscribers,
                    perSecond(alone),
                    perSecond(observed),
                    shown(ratios),
                    number("%.0f and %.0f µs", median(alone, Round::cpuMicros), median(observed, Round::cpuMicros)),
                    number("≥ %.2f ", OBSERVED_GOAL) + Table.met(ratios.median() >= OBSERVED_GOAL));
        } finally {
            Folders.delete(folder);
        }
    }

    /// @throws IllegalStateException if a subscriber was not told of all events in the end
    private Round observed(LogStorage storage, int subscribers, int events) throws Exception {
        var told = new AtomicLong();
        int each = events / OBSERVED_WRITERS * OBSERVED_WRITERS;
        return cairn(storage, log -> {
            try (var bus = new EventBus(log, BusWatch.NONE)) {
                for (int i = 0; i < subscribers; i++) {
                    bus.subscribe("s" + i, Interest.exactly(TYPE.name()), event -> told.incrementAndGet());
                }
                var round = timed(OBSERVED_WRITERS, events, appending(log));
                long left = System.nanoTime() + TOLD_NANOS_MAX;
                while (told.get() < (long) each * subscribers) {
                    if (System.nanoTime() > left) {
                        throw new IllegalStateException(
                                "Subscribers were told %d times, not %d each".formatted(told.get(), each));
                    }
                    Thread.onSpinWait();
                }
                return round;
            }
        });
    }

    private static Path file(Path folder, String side, int round) {
        return folder.resolve("%s-%d.db".formatted(side, round));
    }

    private void compare(Table table, String writers, int events, double goal, Side bare, Side cairn) throws Exception {
        var sides = inTurns(List.of(bare, cairn), events);
        var theirs = sides.getFirst();
        var ours = sides.getLast();
        var ratios = ratios(ours, theirs);
        table.row(
                writers,
                perSecond(theirs),
                perSecond(ours),
                shown(ratios),
                number("%.0f and %.0f µs", median(theirs, Round::cpuMicros), median(ours, Round::cpuMicros)),
                number("≥ %.1f ", goal) + Table.met(ratios.median() >= goal));
    }

    /// Bare and Cairn write to one partition, since a tenant is in one; Axon's clients each have an aggregate of
    /// their own and compete for nothing.
    private static void onPostgres(Options options) throws Exception {
        var server = PostgresServer.required();
        var bench = new AppendBench(options, 5);
        var table = Table.begin(
                "Append on %s, 1 KB payloads, median of %d rounds".formatted(server.line(), bench.rounds),
                "clients",
                "bare JDBC",
                "Axon 5, JPA engine",
                "Axon 4, JDBC engine",
                "Cairn",
                "to bare [least–most]",
                "to Axon 5 [least–most]",
                "to Axon 4 [least–most]",
                "goals: bare, Axon 5");
        try (var axon4 = Axon4.load()) {
            for (int clients : new int[] {1, 16, 64}) {
                int events = clients == 1 ? options.number("single", 3_000) : options.number("events", 16_000);
                bench.besidePeers(table, server, axon4, clients, events);
            }
        }
    }

    private void besidePeers(Table table, PostgresServer server, Axon4 axon4, int clients, int events)
            throws Exception {
        Side bare = round -> inSchema(
                server,
                schema -> clients == 1
                        ? bareSingle(BarePostgres.open(schema), events)
                        : bareGrouped(BarePostgres.open(schema), clients, events));
        Side five = round -> inSchema(server, schema -> peer(Axon5.open(schema, clients), clients, events));
        Side four = round -> inSchema(server, schema -> peer(axon4.jdbcEngine(schema, clients), clients, events));
        Side cairn =
                round -> inSchema(server, schema -> cairn(PostgresLogStorage.open(schema.settings()), clients, events));
        var sides = inTurns(List.of(bare, five, four, cairn), events);
        var ours = sides.getLast();
        var toBare = ratios(ours, sides.getFirst());
        var toFive = ratios(ours, sides.get(1));
        var toFour = ratios(ours, sides.get(2));
        table.row(
                clients,
                perSecond(sides.getFirst()),
                perSecond(sides.get(1)),
                perSecond(sides.get(2)),
                perSecond(ours),
                shown(toBare),
                shown(toFive),
                shown(toFour),
                number(
                        "≥ %.1f %s, ≥ %.0f %s",
                        BARE_GOAL,
                        Table.met(toBare.median() >= BARE_GOAL),
                        PEER_GOAL,
                        Table.met(toFive.median() >= PEER_GOAL)));
    }

    private static Round inSchema(PostgresServer server, PostgresServer.Work<Round> work) throws Exception {
        server.settle();
        return server.withSchema("append", work);
    }

    private Round peer(Peer opened, int clients, int events) throws Exception {
        try (var peer = opened) {
            return timed(clients, events, peer);
        }
    }

    /// One round of each side after another, the first of them for nothing: the JVM compiles meanwhile, and the more
    /// code a side runs through, the longer that takes.
    private List<List<Round>> inTurns(List<Side> sides, int events) throws Exception {
        var done = sides.stream().map(side -> new ArrayList<Round>()).toList();
        int forNothing = Math.min(rounds, Math.ceilDiv(WARM_EVENTS, events));
        for (int round = -forNothing; round < rounds; round++) {
            for (int side = 0; side < sides.size(); side++) {
                var ran = sides.get(side).run(round);
                if (round >= 0) {
                    done.get(side).add(ran);
                }
            }
        }
        return List.copyOf(done);
    }

    private static Sample ratios(List<Round> ours, List<Round> theirs) {
        return Sample.of(
                IntStream.range(0, ours.size()),
                i -> ours.get(i).perSecond() / theirs.get(i).perSecond());
    }

    private static String shown(Sample ratios) {
        return number("%.2f [%.2f–%.2f]", ratios.median(), ratios.quantile(0), ratios.quantile(1));
    }

    private static String perSecond(List<Round> rounds) {
        return number("%,.0f/s", median(rounds, Round::perSecond));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> of) {
        return new Sample(rounds.stream().mapToDouble(of).toArray()).median();
    }

    private Round cairn(LogStorage storage, int writers, int events) throws Exception {
        return cairn(storage, log -> timed(writers, events, appending(log)));
    }

    /// What is measured on a log.
    @FunctionalInterface
    private interface Measured {
        Round on(EventLog log) throws Exception;
    }

    private Round cairn(LogStorage storage, Measured measured) throws Exception {
        var random = new SecureRandom();
        try (var log = EventLog.on(storage)
                .sealedWith(MasterKey.random(random))
                .ids(ids)
                .random(random)
                .start()) {
            return measured.on(log);
        }
    }

    private Append appending(EventLog log) {
        var payload = JsonMapper.shared().createObjectNode().put("text", text());
        return stream -> {
            var event = new NewEvent(ids.next(), TYPE, 1, stream, payload, ids.now(), null);
            var append = new StreamAppend(new StreamId("thing", stream), Expected.any(), List.of(event));
            if (!(log.append(Unit.of(CONTEXT, append)) instanceof Appended.Written)) {
                throw new IllegalStateException("An event was not written");
            }
        };
    }

    /// With its name and its quotes it is as long as every side's payload.
    static String text() {
        return "x".repeat(PAYLOAD_BYTES - 11);
    }

    private Round bareGrouped(BareLog opened, int writers, int events) throws Exception {
        try (var log = opened) {
            var writer = Thread.ofPlatform().start(() -> {
                try {
                    log.groupCommits();
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            try {
                return timed(writers, events, stream -> log.offer(row(stream)).get());
            } finally {
                writer.interrupt();
                writer.join();
            }
        }
    }

    private Round bareSingle(BareLog opened, int events) throws Exception {
        try (var log = opened) {
            return timed(1, events, stream -> log.write(List.of(row(stream))));
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

    private Round timed(int writers, int events, Append append) throws Exception {
        long cpu = cpuNanos();
        long start = System.nanoTime();
        try (var threads = Executors.newThreadPerTaskExecutor(clients)) {
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
