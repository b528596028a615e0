package io.cairn.ledger;

import io.cairn.guard.Rate;
import io.cairn.model.ModelException;
import io.cairn.model.Payer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/// How fast payers may ask, on this node.
///
/// A rate of which nothing is missing is not kept: one that is made anew is full as well. So there are as many as
/// payers who asked within a minute or so, however many tenants a key is valid for.
final class Rates {
    private final List<RateLimit> limits;
    private final LongSupplier nanos;
    private final LedgerMeter meter;
    private final Map<Key, Rate> rates = new HashMap<>();

    private record Key(String limit, Payers payers, boolean tokens, long perMinute) {}

    /// What a call has taken of one rate.
    private record Taken(Key key, long amount) {}

    Rates(List<RateLimit> limits, LongSupplier nanos, LedgerMeter meter) {
        this.limits = limits;
        this.nanos = nanos;
        this.meter = meter;
    }

    /// Takes a call with so many tokens.
    ///
    /// @throws ModelException that says when to ask again, if that is too fast
    Pass take(Payer payer, long tokens) {
        return take(payer, 1, tokens);
    }

    /// @param calls 0 if they belong to one that was taken before
    /// @param tokens 0 if they are not known yet
    synchronized Pass take(Payer payer, long calls, long tokens) {
        var taken = new ArrayList<Taken>();
        for (var limit : limits) {
            if (limit.payers().covers(payer)) {
                var payers = limit.payers().of(payer);
                take(taken, new Key(limit.name(), payers, false, limit.calls()), calls);
                take(taken, new Key(limit.name(), payers, true, limit.tokens()), tokens);
            }
        }
        return new Pass(taken, tokens);
    }

    private void take(List<Taken> taken, Key key, long amount) {
        if (key.perMinute() == 0 || amount == 0) {
            return;
        }
        Optional<Duration> wait = rate(key).take(amount);
        if (wait.isPresent()) {
            taken.forEach(before -> correct(before.key(), before.amount()));
            meter.refused(key.limit());
            throw ModelException.notAllowed(
                    ModelException.Kind.OVER_RATE,
                    "The rate '%s' allows %d %s in a minute"
                            .formatted(key.limit(), key.perMinute(), key.tokens() ? "tokens" : "calls"),
                    wait.get());
        }
        taken.add(new Taken(key, amount));
    }

    private synchronized void correct(Key key, long unused) {
        rate(key).correct(unused);
    }

    private Rate rate(Key key) {
        return rates.computeIfAbsent(key, first -> new Rate(key.perMinute(), nanos));
    }

    /// Drops the rates that are full again.
    synchronized void dropFull() {
        rates.values().removeIf(Rate::isFull);
    }

    /// How many rates are kept.
    synchronized int kept() {
        return rates.size();
    }

    /// A call that was let through.
    final class Pass {
        private final List<Taken> taken;
        private final long tokens;

        private Pass(List<Taken> taken, long tokens) {
            this.taken = taken;
            this.tokens = tokens;
        }

        /// It took so many tokens.
        void settle(long used) {
            taken.stream().filter(each -> each.key().tokens()).forEach(each -> correct(each.key(), tokens - used));
        }

        /// It was not made.
        void giveBack() {
            taken.forEach(each -> correct(each.key(), each.amount()));
        }
    }
}
