package io.cairn.bus;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// How the last attempts at an endpoint went on this node, and whether another may be made.
///
/// An endpoint is failing when most of its last attempts failed, whether in a row or not. It is then
/// tried once in a while, until an attempt is taken. Since when it fails is remembered longer: until
/// half of the last attempts were taken. So one that takes a webhook now and then is found to be
/// failing with the next that it does not take, and to have been so all the time.
final class EndpointHealth {
    private static final int REMEMBERED = 20;
    private static final int ENOUGH = 5;
    private static final double MOST = .8;
    private static final double HALF = .5;

    /// While webhooks wait there are attempts all the time. Where there were none for so long, what was
    /// before says little of the next one.
    private static final Duration SILENCE = Duration.ofHours(1);

    private final Duration probeEvery;
    private final LongSupplier nanos;
    private final ArrayDeque<Boolean> attempts = new ArrayDeque<>();
    private boolean failing;
    private @Nullable Instant since;
    private long probedAt;
    private long toldAt;

    EndpointHealth(Duration probeEvery, LongSupplier nanos) {
        this.probeEvery = probeEvery;
        this.nanos = nanos;
    }

    /// Others found it failing, or this process did before it started anew; a trial may be made now.
    synchronized void believeFailing(Instant from) {
        if (!failing) {
            failing = true;
            probedAt = nanos.getAsLong() - probeEvery.toNanos();
        }
        since = since == null ? from : since;
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
    synchronized boolean tell(boolean good, Instant at) {
        boolean before = failing;
        remember(good);
        long bad = attempts.stream().filter(each -> !each).count();
        if (good) {
            failing = false;
            since = attempts.size() >= ENOUGH && bad <= HALF * attempts.size() ? null : since;
        } else if (!failing) {
            failing = attempts.size() >= ENOUGH && bad >= MOST * attempts.size();
            probedAt = nanos.getAsLong();
        }
        since = failing && since == null ? at : since;
        return failing != before;
    }

    private void remember(boolean good) {
        long now = nanos.getAsLong();
        if (!failing && now - toldAt > SILENCE.toNanos()) {
            attempts.clear();
            since = null;
        }
        toldAt = now;
        attempts.addLast(good);
        if (attempts.size() > REMEMBERED) {
            attempts.removeFirst();
        }
    }

    synchronized boolean isFailing() {
        return failing;
    }

    /// Since when most attempts failed, though some may have been taken; nothing once half of them are.
    synchronized Optional<Instant> failingSince() {
        return Optional.ofNullable(since);
    }
}
