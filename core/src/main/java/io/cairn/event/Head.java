package io.cairn.event;

import java.util.HexFormat;

/// The end of a partition: the number of its last position, the chain up to it, and when that event was recorded.
///
/// @param number 0 for an empty partition
/// @param recordedAt microseconds since 1970
public record Head(String epoch, int partition, long number, byte[] chain, long recordedAt) {
    public Position position() {
        return new Position(epoch, partition, number);
    }

    Head next(StoredEvent event) {
        return new Head(epoch, partition, event.position(), event.chain(), event.recordedAt());
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
