package io.cairn.memory;

import io.cairn.event.Position;
import java.time.Instant;

/// A conversation at a glance.
///
/// @param position of its last message
public record Conversation(ConversationId id, long messages, Instant createdAt, Instant updatedAt, Position position) {}
