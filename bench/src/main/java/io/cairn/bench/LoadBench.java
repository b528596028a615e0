package io.cairn.bench;

import static io.cairn.bench.Table.number;

import io.cairn.adapter.sql.PostgresLogStorage;
import io.cairn.adapter.sql.SqliteLogStorage;
import io.cairn.aggregate.AggregateId;
import io.cairn.aggregate.AggregateSettings;
import io.cairn.aggregate.Aggregates;
import io.cairn.aggregate.Codec;
import io.cairn.aggregate.Decider;
import io.cairn.aggregate.Decision;
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
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.stream.IntStream;
import tools.jackson.databind.json.JsonMapper;

/// Loads an aggregate of many events with a snapshot, as many events after it as there ever are, beside one of a
/// hundred events without a snapshot.
final class LoadBench {
    private static final double GOAL = 2;
    private static final int FEW = 100;
    private static final int UNIT = 1000;
    private static final AggregateId LONG = new AggregateId("long");
    private static final AggregateId SHORT = new AggregateId("short");
    private static final Context CONTEXT = new Context(Tenant.DEFAULT, "bench", "bench");

    sealed interface Event {
        record Paid(long cents, String reference) implements Event {}
    }

    record Balance(long cents, long payments, String last) {}

    private static final class Rules implements Decider<Event, Event, Balance> {
        @Override
        public String name() {
            return "account";
        }

        @Override
        public Balance initial() {
            return new Balance(0, 0, "");
        }

        @Override
        public Decision<Event> decide(Event command, Balance balance) {
            return Decision.happens(command);
        }

        @Override
        public Balance evolve(Balance balance, Event event) {
            return switch (event) {
                case Event.Paid(var cents, var reference) ->
                    new Balance(balance.cents() + cents, balance.payments() + 1, reference);
            };
        }
    }

    private final EventLog log;
    private final Ids ids;
    private final int many;
    private final int loads;

    private LoadBench(LogStorage storage, int many, int loads) {
        var random = new SecureRandom();
        this.ids = new Ids(Clock.systemUTC(), random);
        this.log = EventLog.on(storage)
                .sealedWith(MasterKey.random(random))
                .ids(ids)
                .random(random)
                .start();
        this.many = many;
        this.loads = loads;
    }

    static void run(Options options) throws Exception {
        int many = options.number("events", 100_000);
        int loads = options.number("loads", 1000);
        var table = Table.begin(
                "Load an aggregate, median of %d loads".formatted(loads),
                "store",
                "%,d events, from the first".formatted(many),
                "… with a snapshot and %d after it".formatted(FEW - 1),
                "%d events, no snapshot".formatted(FEW),
                "ratio",
                "goal");
        var folder = Files.createTempDirectory("cairn-bench");
        try {
            new LoadBench(SqliteLogStorage.open(folder.resolve("log.db"), 2), many, loads).run(table, "SQLite");
        } finally {
            Folders.delete(folder);
        }
        var server = PostgresServer.named();
        if (server.isPresent()) {
            server.get().withSchema("load", schema -> {
                new LoadBench(PostgresLogStorage.open(schema.settings()), many, loads).run(table, schema.line());
                return table;
            });
        }
    }

    private void run(Table table, String store) {
        try (log) {
            var snapshots = accounts(AggregateSettings.defaults());
            var plain = accounts(AggregateSettings.defaults().snapshotEvery(Integer.MAX_VALUE));
            append(LONG, many);
            append(SHORT, FEW);
            double whole = millis(() -> snapshots.load(Tenant.DEFAULT, LONG));
            append(LONG, FEW - 1);
            var longOnes = new double[loads];
            var shortOnes = new double[loads];
            for (int load = -loads / 2; load < loads; load++) {
                double one = millis(() -> snapshots.load(Tenant.DEFAULT, LONG));
                double other = millis(() -> plain.load(Tenant.DEFAULT, SHORT));
                if (load >= 0) {
                    longOnes[load] = one;
                    shortOnes[load] = other;
                }
            }
            requireSnapshots(snapshots);
            double ofLong = new Sample(longOnes).median();
            double ofShort = new Sample(shortOnes).median();
            table.row(
                    store,
                    number("%,.0f ms", whole),
                    number("%.2f ms", ofLong),
                    number("%.2f ms", ofShort),
                    number("%.2f", ofLong / ofShort),
                    number("≤ %.0f ", GOAL) + Table.met(ofLong <= GOAL * ofShort));
        }
    }

    private Aggregates<Event, Event, Balance> accounts(AggregateSettings settings) {
        var codec = Codec.records("account", Event.class, Balance.class);
        return new Aggregates<>(log, new Rules(), codec, Clock.systemUTC(), settings);
    }

    private void append(AggregateId id, int events) {
        var stream = new StreamId("account", id.value());
        for (int from = 0; from < events; from += UNIT) {
            var unit = IntStream.range(from, Math.min(events, from + UNIT))
                    .mapToObj(i -> paid(stream, i))
                    .toList();
            log.append(Unit.of(CONTEXT, new StreamAppend(stream, Expected.any(), unit)));
        }
    }

    private NewEvent paid(StreamId stream, int i) {
        var payload = JsonMapper.shared()
                .createObjectNode()
                .put("cents", i)
                .put("reference", "Invoice %d of the berth at the northern pier, paid by transfer".formatted(i));
        return new NewEvent(ids.next(), new EventType("account.paid"), 1, stream.toString(), payload, ids.now(), null);
    }

    /// What is measured as a load from a snapshot was one.
    private void requireSnapshots(Aggregates<Event, Event, Balance> snapshots) {
        var counts = snapshots.snapshots();
        if (counts.kept() != 1 || counts.used() != loads + loads / 2) {
            throw new IllegalStateException("Not every load began with a snapshot: " + counts);
        }
    }

    private static double millis(Runnable work) {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e6;
    }
}
