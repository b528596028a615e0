package io.cairn.archive;

import io.cairn.event.LogStorage;
import io.cairn.event.StorageException;
import io.cairn.event.StoredEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/// The events of all partitions of a log in one order: that of each partition, and between partitions that of the
/// times at which they were recorded.
///
/// So whoever appends them in this order never has to move a time forward, into however many partitions they go.
final class MergedEvents {
    private static final int PAGE = 500;
    private static final long PAGE_BYTES = 4 << 20;

    private final LogStorage storage;
    private final PriorityQueue<Reader> readers = new PriorityQueue<>(
            Comparator.comparingLong(Reader::recordedAt).thenComparingInt(reader -> reader.partition));

    /// @param behind which number it begins in each partition
    /// @param to the last number in each partition
    MergedEvents(LogStorage storage, List<Long> behind, List<Long> to) {
        this.storage = storage;
        for (int partition = 0; partition < to.size(); partition++) {
            offer(new Reader(partition, behind.get(partition), to.get(partition)));
        }
    }

    /// The next events; none at the end.
    ///
    /// @param bytesMax stops early once the payloads exceed it
    List<StoredEvent> next(int limit, long bytesMax) {
        var events = new ArrayList<StoredEvent>();
        long bytes = 0;
        while (events.size() < limit && bytes <= bytesMax) {
            var event = next();
            if (event == null) {
                break;
            }
            events.add(event);
            bytes += event.payload().length;
        }
        return events;
    }

    private @Nullable StoredEvent next() {
        var reader = readers.poll();
        if (reader == null) {
            return null;
        }
        var event = reader.page.remove();
        offer(reader);
        return event;
    }

    private void offer(Reader reader) {
        reader.fill();
        if (!reader.page.isEmpty()) {
            readers.add(reader);
        }
    }

    /// One partition.
    private final class Reader {
        final int partition;
        final Deque<StoredEvent> page = new ArrayDeque<>();
        private final long to;
        private long read;

        Reader(int partition, long behind, long to) {
            this.partition = partition;
            this.read = behind;
            this.to = to;
        }

        long recordedAt() {
            return page.element().recordedAt();
        }

        void fill() {
            if (!page.isEmpty() || read >= to) {
                return;
            }
            int limit = (int) Math.min(PAGE, to - read);
            page.addAll(storage.read(snapshot -> snapshot.after(partition, read, limit, PAGE_BYTES)));
            if (page.isEmpty() || page.getLast().position() > to) {
                throw new StorageException(
                        StorageException.Kind.BROKEN,
                        "The log has lost events behind position %d of partition %d".formatted(read, partition),
                        new IllegalStateException());
            }
            read = page.getLast().position();
        }
    }
}
