package io.cairn.server.ops;

import io.cairn.follow.FollowerHealth;
import io.cairn.projection.RunningProjection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A projection's health as it stood a moment ago, so that the gauges of one scrape ask the log once.
final class RecentHealth {
    private static final Duration KEPT = Duration.ofMillis(500);

    private record Kept(FollowerHealth health, long atNanos) {}

    private final RunningProjection host;
    private volatile @Nullable Kept kept;

    RecentHealth(RunningProjection host) {
        this.host = host;
    }

    FollowerHealth now() {
        long now = System.nanoTime();
        var known = kept;
        if (known == null || now - known.atNanos() > KEPT.toNanos()) {
            known = new Kept(host.health(), now);
            kept = known;
        }
        return known.health();
    }
}
