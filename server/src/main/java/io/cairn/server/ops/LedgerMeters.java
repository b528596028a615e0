package io.cairn.server.ops;

import io.cairn.ledger.Budget;
import io.cairn.ledger.LedgerMeter;
import io.cairn.ledger.LedgerReport;
import io.cairn.ledger.Money;
import io.cairn.ledger.RateLimit;
import io.cairn.ledger.Terms;
import io.cairn.ledger.Used;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What models cost and what is left of budgets, as metrics.
public final class LedgerMeters implements LedgerMeter {
    private static final long LOOKED_EVERY = Duration.ofSeconds(5).toNanos();

    private final MeterRegistry meters;
    private final LongSupplier nanos;
    private @Nullable LedgerReport report;
    private @Nullable Map<String, Long> left;
    private long lookedAt;

    public LedgerMeters(MeterRegistry meters, Terms terms, LongSupplier nanos) {
        this.meters = meters;
        this.nanos = nanos;
        Stream.concat(
                        terms.budgets().stream().map(Budget::name),
                        terms.rates().stream().map(RateLimit::name))
                .forEach(this::refusals);
    }

    /// From now on what is left of budgets is looked up when somebody scrapes.
    public void watch(LedgerReport written) {
        report = written;
        for (var budget : written.terms().budgets()) {
            if (!budget.payers().isEach()) {
                Gauge.builder("model.budget.left", budget, this::left)
                        .tag("budget", budget.name())
                        .register(meters);
            }
        }
    }

    private double left(Budget budget) {
        long amount = lefts().getOrDefault(budget.name(), 0L);
        return switch (budget.unit()) {
            case MONEY -> Money.of(amount).doubleValue();
            case TOKENS -> amount;
        };
    }

    private synchronized Map<String, Long> lefts() {
        var known = left;
        long now = nanos.getAsLong();
        if (known == null || now - lookedAt > LOOKED_EVERY) {
            known = Objects.requireNonNull(report).left();
            left = known;
            lookedAt = now;
        }
        return known;
    }

    @Override
    public void settled(String model, Used used) {
        meters.counter("model.cost", "model", model)
                .increment(Money.of(used.cost()).doubleValue());
    }

    @Override
    public void saved(String model, long tokens) {
        meters.counter("model.saved", "model", model).increment(tokens);
    }

    @Override
    public void refused(String limit) {
        refusals(limit).increment();
    }

    private Counter refusals(String limit) {
        return meters.counter("model.limit.refusals", "limit", limit);
    }
}
