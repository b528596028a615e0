package io.cairn.event;

import java.util.Arrays;
import java.util.HexFormat;

/// The end of a partition: the number of its last position, the chain up to it, and when that event was recorded.
///
/// @param number 0 for an empty partition
/// @param recordedAt microseconds since 1970; a little later once the head was [touched][#touched()]
public record Head(String epoch, int partition, long number, byte[] chain, long recordedAt) {
    public Position position() {
        return new Position(epoch, partition, number);
    }

    /// The head once this event is the last.
    public Head next(StoredEvent event) {
        return new Head(epoch, partition, event.position(), event.chain(), event.recordedAt());
    }

    /// Whether nobody has written since the other was the head.
    public boolean isSame(Head other) {
        return partition == other.partition
                && number == other.number
                && recordedAt == other.recordedAt
                && Arrays.equals(chain, other.chain)
                && epoch.equals(other.epoch);
    }

    /// The same place, a little later: once it is committed, nothing can be that [presumes][LogStorage#writeFrom] this
    /// head.
    public Head touched() {
        return recordedAt(recordedAt + 1);
    }

    /// The same place at a later time.
    Head recordedAt(long later) {
        return new Head(epoch, partition, number, chain, later);
    }

    /// The head of a new partition.
    public static Head genesis(String epoch, int partition) {
        return new Head(epoch, partition, 0, Digests.genesis(epoch), 0);
    }

    @Override
    public String toString() {
        return "%s (chain %s)".formatted(position(), HexFormat.of().formatHex(chain, 0, 4));
    }
}
