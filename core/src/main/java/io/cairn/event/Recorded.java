package io.cairn.event;

import java.util.UUID;

/// Where an event stands that the log already had.
///
/// @param position the number of its position in its partition
public record Recorded(UUID eventId, StreamId stream, long version, long position) {}
