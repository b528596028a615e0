package io.cairn.follow;

import io.cairn.batch.BatchSize;
import io.cairn.batch.Meanwhile;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Head;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/// Reads the next batch while the one before it is applied.
///
/// At most one batch is read ahead, so that memory holds two. It is thrown away if it is not the one that is needed
/// next, for instance since the follower fell back to what was durable.
final class BatchAhead {
    /// For fewer events another thread is not worth its cost.
    private static final int EVENTS_MIN = 500;

    private final EventLog log;
    private final BatchSize sizes;
    private final long bytesMax;
    private @Nullable Batch next;

    private record Batch(int partition, long after, Meanwhile<List<Event>, RuntimeException> events) {}

    BatchAhead(EventLog log, FollowSettings settings) {
        this.log = log;
        this.sizes = settings.batch();
        this.bytesMax = settings.batchBytesMax();
    }

    /// The next batch of one of several partitions, which are followed in turns.
    ///
    /// @param at which of them; it is behind
    /// @param applied how far each partition has come
    List<Event> next(List<Head> heads, int at, IntToLongFunction applied) {
        var head = heads.get(at);
        var events = after(head, applied.applyAsLong(head.partition()));
        if (events.size() >= EVENTS_MIN) {
            begin(heads, at, events.getLast().position().number(), applied);
        }
        return events;
    }

    private List<Event> after(Head head, long position) {
        var known = next;
        next = null;
        return known != null && known.partition() == head.partition() && known.after() == position
                ? known.events().outcome()
                : read(head, position);
    }

    /// Begins to read the batch that will be needed after a position is reached.
    private void begin(List<Head> heads, int at, long to, IntToLongFunction applied) {
        for (int i = 1; i <= heads.size(); i++) {
            var head = heads.get((at + i) % heads.size());
            long from = i == heads.size() ? to : applied.applyAsLong(head.partition());
            if (from < head.number()) {
                next = new Batch(head.partition(), from, Meanwhile.begin(() -> read(head, from)));
                return;
            }
        }
    }

    /// Waits until nothing is read any more.
    void end() {
        if (next != null) {
            next.events().end();
        }
    }

    private List<Event> read(Head head, long position) {
        return log.feed().after(head.partition(), position, sizes.of(head.number() - position), bytesMax);
    }
}
