package io.cairn.bench;

import static io.cairn.bench.Table.number;

import io.cairn.adapter.sql.PostgresLogStorage;
import io.cairn.adapter.sql.SqliteLogStorage;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.StorageException;
import io.cairn.guard.Retry;
import io.cairn.ledger.Budget;
import io.cairn.ledger.Ledger;
import io.cairn.ledger.LedgerMeter;
import io.cairn.ledger.Money;
import io.cairn.ledger.Payers;
import io.cairn.ledger.Period;
import io.cairn.ledger.Price;
import io.cairn.ledger.Terms;
import io.cairn.ledger.Used;
import io.cairn.model.Payer;
import io.cairn.model.Usage;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Tenant;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// What the ledger adds to a call of a model: to reserve its worst case of a budget, and to settle it, while what was
/// used is written every second.
final class LedgerBench {
    private static final double GOAL_MICROS = 200;
    private static final int COLD = 1_000;
    private static final String MODEL = "fast";
    private static final Payer PAYER = new Payer(Tenant.DEFAULT, "bench");
    private static final Usage TOKENS = new Usage(1_000, 1_000, false);
    private static final BigDecimal LIMIT = BigDecimal.valueOf(1_000_000_000);

    private static final LedgerMeter NOBODY = new LedgerMeter() {
        @Override
        public void settled(String model, Used used) {}

        @Override
        public void saved(String model, long tokens) {}

        @Override
        public void refused(String limit) {}
    };

    private LedgerBench() {}

    static void run(Options options) throws Exception {
        int calls = options.number("calls", 1_000_000);
        var table = Table.begin(
                "Reserve and settle, %,d calls one after another under one budget".formatted(calls),
                "store",
                "p50 of the first %,d".formatted(COLD),
                "p50 of the others",
                "p99",
                "most",
                "goal");
        var folder = Files.createTempDirectory("cairn-bench");
        try {
            measure(table, "SQLite", SqliteLogStorage.open(folder.resolve("log.db"), 2), calls);
        } finally {
            Folders.delete(folder);
        }
        var server = PostgresServer.named();
        if (server.isPresent()) {
            server.get().withSchema("ledger", schema -> {
                measure(table, schema.line(), PostgresLogStorage.open(schema.settings()), calls);
                return table;
            });
        }
    }

    private static void measure(Table table, String store, LogStorage storage, int calls) {
        var random = new SecureRandom();
        try (var log = EventLog.on(storage)
                        .sealedWith(MasterKey.random(random))
                        .ids(new Ids(Clock.systemUTC(), random))
                        .random(random)
                        .start();
                var ledger = ledger(log).start()) {
            var micros = IntStream.range(0, calls)
                    .mapToDouble(call -> micros(ledger))
                    .toArray();
            var cold = new Sample(Arrays.copyOf(micros, COLD));
            var warm = new Sample(Arrays.copyOfRange(micros, COLD, calls));
            table.row(
                    store,
                    number("%.1f µs", cold.median()),
                    number("%.1f µs", warm.median()),
                    number("%.1f µs", warm.quantile(.99)),
                    number("%,.0f µs", warm.quantile(1)),
                    number("p50 ≤ %.0f µs ", GOAL_MICROS) + Table.met(cold.median() <= GOAL_MICROS));
        }
    }

    private static Ledger ledger(EventLog log) {
        var price = new Price(BigDecimal.ONE, BigDecimal.ONE, BigDecimal.TWO);
        var budget = new Budget("all", new Payers("", ""), Period.MONTH, Budget.Unit.MONEY, Money.billionths(LIMIT));
        return new Ledger(
                log,
                "bench",
                new Terms("USD", Map.of(MODEL, price), List.of(budget), List.of()),
                Clock.systemUTC(),
                System::nanoTime,
                NOBODY,
                Retry.none(StorageException.FAILURES));
    }

    private static double micros(Ledger ledger) {
        long begun = System.nanoTime();
        ledger.reserve(PAYER, MODEL, TOKENS).settle(TOKENS);
        return (System.nanoTime() - begun) / 1e3;
    }
}
