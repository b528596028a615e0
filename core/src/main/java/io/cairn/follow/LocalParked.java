package io.cairn.follow;

import io.cairn.event.EventLog;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The parked streams of a local follower, which operators retry or skip. Where nodes share what it
/// keeps, it seizes the partition first, so that nobody else writes meanwhile.
public final class LocalParked {
    private static final System.Logger LOG = System.getLogger(LocalParked.class.getName());

    private final String name;
    private final EventLog log;
    private final LocalFollower follower;
    private final SkippedEvents skipped;
    private final Clock clock;

    /// @param name of the projection
    public LocalParked(String name, EventLog log, LocalFollower follower, SkippedEvents skipped, Clock clock) {
        this.name = name;
        this.log = log;
        this.follower = follower;
        this.skipped = skipped;
        this.clock = clock;
    }

    /// Applies what waits in parked streams again.
    ///
    /// @param key a single stream, or null for all
    /// @return how many were retried and are parked no more
    public int retry(Tenant tenant, @Nullable String key) {
        if (parked(tenant, key).isEmpty()) {
            return 0;
        }
        follower.seize(log.partition(tenant));
        var waiting = parked(tenant, key);
        waiting.forEach(follower::retry);
        var still = parked(tenant, null).stream().map(Parked::key).toList();
        return (int)
                waiting.stream().filter(found -> !still.contains(found.key())).count();
    }

    /// Skips what waits in a parked stream, for good: up to the stream's end as it is now.
    public Skipped skip(Context context, String key) {
        if (parked(context.tenant(), key).isEmpty()) {
            return new Skipped.NotParked();
        }
        follower.seize(log.partition(context.tenant()));
        return parked(context.tenant(), key).stream()
                .findFirst()
                .<Skipped>map(waits -> new Skipped.Done(skip(context, waits)))
                .orElseGet(Skipped.NotParked::new);
    }

    private List<Parked> parked(Tenant tenant, @Nullable String key) {
        return follower.parked().list(tenant, null, Integer.MAX_VALUE).stream()
                .filter(waits -> key == null || waits.key().equals(key))
                .toList();
    }

    private long skip(Context context, Parked waits) {
        var tenant = context.tenant();
        long from = waits.version();
        long to = log.<Long>read(tenant, view -> view.version(waits.stream()));
        var change = skipped.change(waits.stream(), from, to, context.actor(), clock.instant());
        try {
            follower.parked().release(waits, List.of(change));
        } finally {
            skipped.refresh();
        }
        LOG.log(
                System.Logger.Level.WARNING,
                "Projection %s does without %d events of %s, tenant %s, versions %d to %d, as %s decided (%s)"
                        .formatted(
                                name,
                                to - from + 1,
                                waits.key(),
                                tenant.id(),
                                from,
                                to,
                                context.actor(),
                                context.correlation()));
        return to - from + 1;
    }
}
