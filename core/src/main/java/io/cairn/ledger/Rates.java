package io.cairn.ledger;

import io.cairn.guard.Rate;
import io.cairn.model.ModelException;
import io.cairn.model.Payer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/// How fast payers may ask, on this node.
final class Rates {
    private final List<RateLimit> limits;
    private final LongSupplier nanos;
    private final LedgerMeter meter;
    private final Map<Kept, Rate> rates = new ConcurrentHashMap<>();

    private record Kept(String limit, Payers payers, boolean tokens) {}

    /// What a call has taken of one rate.
    private record Taken(Rate rate, long amount, boolean tokens) {}

    Rates(List<RateLimit> limits, LongSupplier nanos, LedgerMeter meter) {
        this.limits = limits;
        this.nanos = nanos;
        this.meter = meter;
    }

    /// Takes a call with so many tokens.
    ///
    /// @throws ModelException that says when to ask again, if that is too fast
    Pass take(Payer payer, long tokens) {
        var taken = new ArrayList<Taken>();
        for (var limit : limits) {
            if (limit.payers().covers(payer)) {
                take(taken, limit, payer, limit.calls(), 1, false);
                take(taken, limit, payer, limit.tokens(), tokens, true);
            }
        }
        return new Pass(taken, tokens);
    }

    private void take(List<Taken> taken, RateLimit limit, Payer payer, long perMinute, long amount, boolean ofTokens) {
        if (perMinute == 0) {
            return;
        }
        var rate = rates.computeIfAbsent(
                new Kept(limit.name(), limit.payers().of(payer), ofTokens), first -> new Rate(perMinute, nanos));
        Optional<Duration> wait = rate.take(amount);
        if (wait.isPresent()) {
            taken.forEach(before -> before.rate().correct(before.amount()));
            meter.refused(limit.name());
            throw ModelException.notAllowed(
                    ModelException.Kind.OVER_RATE,
                    "The rate '%s' allows %d %s in a minute"
                            .formatted(limit.name(), perMinute, ofTokens ? "tokens" : "calls"),
                    wait.get());
        }
        taken.add(new Taken(rate, amount, ofTokens));
    }

    /// A call that was let through.
    record Pass(List<Taken> taken, long tokens) {
        /// It took so many tokens.
        void settle(long used) {
            taken.stream().filter(Taken::tokens).forEach(each -> each.rate().correct(tokens - used));
        }

        /// It was not made.
        void giveBack() {
            taken.forEach(each -> each.rate().correct(each.amount()));
        }
    }
}
