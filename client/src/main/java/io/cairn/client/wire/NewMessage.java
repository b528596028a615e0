package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A message as it is appended to a conversation.
///
/// Without an id the receiver makes one; `at` is when it was said and defaults to the time of recording.
public record NewMessage(
        @Nullable String id,
        String role,
        @Nullable String speaker,
        String content,
        @Nullable Instant at,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> metadata) {
    public NewMessage {
        metadata = Copy.of(metadata);
    }

    public static NewMessage of(String role, String content) {
        return new NewMessage(null, role, null, content, null, Map.of());
    }

    public NewMessage withId(String newId) {
        return new NewMessage(newId, role, speaker, content, at, metadata);
    }

    public NewMessage withSpeaker(@Nullable String newSpeaker) {
        return new NewMessage(id, role, newSpeaker, content, at, metadata);
    }

    public NewMessage withAt(@Nullable Instant newAt) {
        return new NewMessage(id, role, speaker, content, newAt, metadata);
    }
}
