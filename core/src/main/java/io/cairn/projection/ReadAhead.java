package io.cairn.projection;

import io.cairn.batch.Meanwhile;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the batch that comes next while the one before it is applied.
///
/// One batch is read ahead at the most, so that memory holds two. A batch that is not the one wanted, for instance
/// since the projection fell back to what was durable, is given up.
final class ReadAhead {
    private final EventLog log;
    private final long bytesMax;
    private @Nullable Batch next;

    private record Batch(int partition, long after, Meanwhile<List<Event>, RuntimeException> events) {}

    ReadAhead(EventLog log, long bytesMax) {
        this.log = log;
        this.bytesMax = bytesMax;
    }

    /// The events of a partition past a position.
    List<Event> after(int partition, long position, int most) {
        var known = next;
        next = null;
        return known != null && known.partition() == partition && known.after() == position
                ? known.events().outcome()
                : read(partition, position, most);
    }

    /// Begins to read what will be asked for next.
    void begin(int partition, long position, int most) {
        next = new Batch(partition, position, Meanwhile.begin(() -> read(partition, position, most)));
    }

    /// Waits until nothing is read any more.
    void end() {
        if (next != null) {
            next.events().end();
        }
    }

    private List<Event> read(int partition, long position, int most) {
        return log.after(partition, position, most, bytesMax);
    }
}
