package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A conversation without its messages.
public record Conversation(
        String id,
        long messageCount,
        @Nullable Instant createdAt,
        @Nullable Instant updatedAt,
        @Nullable String position,
        @Nullable String title,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> metadata) {
    public Conversation {
        metadata = Copy.of(metadata);
    }

    /// What this conversation is about, with another title.
    public ConversationDescription titled(String newTitle) {
        return new ConversationDescription(newTitle, metadata);
    }
}
