package io.cairn.follow;

import io.cairn.event.EventLog;
import io.cairn.event.Head;
import io.cairn.event.Times;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntToLongFunction;

/// How far readers see, compared with the real heads, and when that last moved in each partition.
///
/// A follower's own word is not trusted: one that is dead reports no lag.
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

    void observe(IntToLongFunction visible) {
        for (int partition = 0; partition < log.partitions(); partition++) {
            long position = visible.applyAsLong(partition);
            moved.compute(
                    partition,
                    (same, last) ->
                            last != null && last.position() == position ? last : new Moved(position, clock.instant()));
        }
    }

    static long behind(List<Head> heads, IntToLongFunction visible) {
        return heads.stream()
                .mapToLong(head -> Math.max(0, head.number() - visible.applyAsLong(head.partition())))
                .sum();
    }

    /// The age of the oldest event, of any partition, that readers do not see.
    double lagSeconds(List<Head> heads, IntToLongFunction visible) {
        return heads.stream()
                .filter(head -> visible.applyAsLong(head.partition()) < head.number())
                .flatMap(head -> recordedAt(head.partition(), visible.applyAsLong(head.partition())).stream())
                .mapToDouble(at -> Duration.between(at, clock.instant()).toNanos() / 1e9)
                .map(seconds -> Math.max(0, seconds))
                .max()
                .orElse(0);
    }

    boolean advancing(List<Head> heads, IntToLongFunction visible, Duration stuckAfter) {
        var now = clock.instant();
        return heads.stream()
                .filter(head -> visible.applyAsLong(head.partition()) < head.number())
                .allMatch(head -> now.isBefore(lastMoved(head.partition()).plus(stuckAfter)));
    }

    /// When the newest event that readers see was recorded.
    Optional<Instant> lastEventAt(List<Head> heads, IntToLongFunction visible) {
        return heads.stream()
                .filter(head -> visible.applyAsLong(head.partition()) > 0)
                .flatMap(head -> recordedAt(head, visible.applyAsLong(head.partition())).stream())
                .max(Instant::compareTo);
    }

    /// Where readers see everything, the head has the time, and no event need be read.
    private Optional<Instant> recordedAt(Head head, long position) {
        return position == head.number()
                ? Optional.of(Times.instant(head.recordedAt()))
                : recordedAt(head.partition(), position - 1);
    }

    private Instant lastMoved(int partition) {
        var last = moved.get(partition);
        return last == null ? began : last.at();
    }

    private Optional<Instant> recordedAt(int partition, long after) {
        return log.feed().after(partition, after, 1, 1).stream().findFirst().map(event -> event.recordedAt());
    }
}
