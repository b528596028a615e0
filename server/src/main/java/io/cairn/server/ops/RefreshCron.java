package io.cairn.server.ops;

import io.cairn.guard.Loop;
import io.cairn.refresh.ModelRefresh;
import io.cairn.task.CronExpression;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Begins a change of the embedding model when its time comes, where the index that answers is outdated. Nodes that do
/// so at once begin one together.
public final class RefreshCron implements Loop.Turn {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshCron.class);

    /// The clock may be set meanwhile.
    private static final Duration LOOK_EVERY = Duration.ofSeconds(30);

    private final ModelRefresh refreshes;
    private final CronExpression cron;
    private final ZoneId zone;
    private final Clock clock;
    private Instant next;

    public RefreshCron(ModelRefresh refreshes, CronExpression cron, ZoneId zone, Clock clock) {
        this.refreshes = refreshes;
        this.cron = cron;
        this.zone = zone;
        this.clock = clock;
        this.next = cron.next(clock.instant(), zone);
    }

    public Loop start() {
        return Loop.inBackground("cairn-refresh-cron", untilDue(), this);
    }

    @Override
    public Duration take() {
        if (!clock.instant().isBefore(next)) {
            next = cron.next(clock.instant(), zone);
            if (refreshes.outdated()) {
                refreshes.beginByItself("schedule");
            }
        }
        return untilDue();
    }

    private Duration untilDue() {
        var until = Duration.between(clock.instant(), next);
        if (until.isNegative()) {
            return Duration.ZERO;
        }
        return until.compareTo(LOOK_EVERY) < 0 ? until : LOOK_EVERY;
    }

    @Override
    public Duration failed(RuntimeException failure, int inARow) {
        LOG.warn("The change of the embedding model could not be begun; the next attempt is at {}", next, failure);
        return LOOK_EVERY;
    }
}
