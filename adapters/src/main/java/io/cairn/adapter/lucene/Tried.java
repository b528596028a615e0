package io.cairn.adapter.lucene;

import io.cairn.event.Event;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.index.IndexWriter;

/// Which events an index was asked to take in since its writer was opened.
///
/// A batch that failed half-way leaves passages behind that are past what was applied, and they may have been committed
/// before the writer was opened. So an event is known to come for the first time only if the index was empty then and
/// nothing as late was tried since.
///
/// Not for concurrent use.
final class Tried {
    private final boolean begunEmpty;
    private final Map<Integer, Long> positions = new HashMap<>();

    Tried(IndexWriter writer) {
        begunEmpty = writer.getDocStats().maxDoc == 0;
    }

    /// Notes that a partition's events are tried up to a position.
    ///
    /// @return whether all of them come for the first time
    boolean note(int partition, List<Event> events, long to) {
        long before = positions.getOrDefault(partition, 0L);
        positions.put(partition, Math.max(before, to));
        return begunEmpty && events.stream().allMatch(event -> event.position().number() > before);
    }
}
