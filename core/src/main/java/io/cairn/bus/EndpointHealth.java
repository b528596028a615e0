package io.cairn.bus;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.LongSupplier;

/// How the last attempts at an endpoint went on this node, and whether another may be made.
///
/// An endpoint is failing when most of its last attempts failed, whether in a row or not. It is then tried once in a
/// while, and the first success makes it whole again.
final class EndpointHealth {
    private static final int REMEMBERED = 20;
    private static final int ENOUGH = 5;
    private static final double MOST = .8;

    private final Duration probeEvery;
    private final LongSupplier nanos;
    private final ArrayDeque<Boolean> attempts = new ArrayDeque<>();
    private boolean failing;
    private long probedAt;

    EndpointHealth(Duration probeEvery, LongSupplier nanos) {
        this.probeEvery = probeEvery;
        this.nanos = nanos;
    }

    /// Others found it failing, or this process did before it started anew; a trial may be made now.
    synchronized void believeFailing() {
        if (!failing) {
            failing = true;
            probedAt = nanos.getAsLong() - probeEvery.toNanos();
        }
    }

    /// How long to leave the endpoint alone; zero if it may be tried now, which counts as its trial.
    synchronized Duration rest() {
        if (!failing) {
            return Duration.ZERO;
        }
        long now = nanos.getAsLong();
        var left = probeEvery.minusNanos(now - probedAt);
        if (left.isPositive()) {
            return left;
        }
        probedAt = now;
        return Duration.ZERO;
    }

    /// Whether the attempt has changed how it fares.
    synchronized boolean tell(boolean good) {
        boolean before = failing;
        attempts.addLast(good);
        if (attempts.size() > REMEMBERED) {
            attempts.removeFirst();
        }
        if (good && failing) {
            attempts.clear();
            failing = false;
        } else if (!good && !failing) {
            long bad = attempts.stream().filter(each -> !each).count();
            failing = attempts.size() >= ENOUGH && bad >= MOST * attempts.size();
            probedAt = nanos.getAsLong();
        }
        return failing != before;
    }

    synchronized boolean isFailing() {
        return failing;
    }
}
