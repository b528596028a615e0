package io.cairn.projection;

import io.cairn.event.EventLog;
import io.cairn.event.Head;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// How far readers see, held against the real heads, and when that last moved in each partition.
///
/// A projection's own account of itself is not trusted: one that is dead reports no lag.
final class Progress {
    private final EventLog log;
    private final Clock clock;
    private final Instant began;
    private final Map<Integer, Moved> moved = new ConcurrentHashMap<>();

    private record Moved(long position, Instant at) {}

    Progress(EventLog log, Clock clock) {
        this.log = log;
        this.clock = clock;
        this.began = clock.instant();
    }

    void observe(Projection projection) {
        for (int partition = 0; partition < log.partitions(); partition++) {
            long visible = projection.visible(partition);
            moved.compute(
                    partition,
                    (same, last) ->
                            last != null && last.position() == visible ? last : new Moved(visible, clock.instant()));
        }
    }

    static long behind(List<Head> heads, Projection projection) {
        return heads.stream()
                .mapToLong(head -> Math.max(0, head.number() - projection.visible(head.partition())))
                .sum();
    }

    /// The age of the oldest event, of any partition, that readers do not see.
    double lagSeconds(List<Head> heads, Projection projection) {
        return heads.stream()
                .filter(head -> projection.visible(head.partition()) < head.number())
                .flatMap(head -> recordedAt(head.partition(), projection.visible(head.partition())).stream())
                .mapToDouble(at -> Duration.between(at, clock.instant()).toNanos() / 1e9)
                .map(seconds -> Math.max(0, seconds))
                .max()
                .orElse(0);
    }

    boolean advancing(List<Head> heads, Projection projection, Duration stuckAfter) {
        var now = clock.instant();
        return heads.stream()
                .filter(head -> projection.visible(head.partition()) < head.number())
                .allMatch(head -> now.isBefore(lastMoved(head.partition()).plus(stuckAfter)));
    }

    /// When the newest event that readers see was recorded.
    Optional<Instant> lastEventAt(List<Head> heads, Projection projection) {
        return heads.stream()
                .filter(head -> projection.visible(head.partition()) > 0)
                .flatMap(head -> recordedAt(head.partition(), projection.visible(head.partition()) - 1).stream())
                .max(Instant::compareTo);
    }

    private Instant lastMoved(int partition) {
        var last = moved.get(partition);
        return last == null ? began : last.at();
    }

    private Optional<Instant> recordedAt(int partition, long after) {
        return log.after(partition, after, 1, 1).stream().findFirst().map(event -> event.recordedAt());
    }
}
