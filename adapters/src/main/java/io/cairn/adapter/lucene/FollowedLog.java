package io.cairn.adapter.lucene;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.cairn.event.EventLog;
import io.cairn.event.Head;
import io.cairn.projection.Projection;
import java.util.Map;

/// The log that an index follows, as it stands when the index is opened.
///
/// @param epoch tells this log from every other
/// @param heads the number of the last event by partition
public record FollowedLog(String epoch, Map<Integer, Long> heads) {
    public FollowedLog {
        heads = Map.copyOf(heads);
    }

    public static FollowedLog of(EventLog log) {
        return new FollowedLog(
                log.epoch(), log.heads().stream().collect(toUnmodifiableMap(Head::partition, Head::number)));
    }

    /// Whether an index holds more than the log, which must have been replaced by an older one.
    boolean isOutrunBy(Projection index) {
        return heads.entrySet().stream().anyMatch(head -> index.durable(head.getKey()) > head.getValue());
    }
}
