package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A message as it is appended to a conversation.
///
/// Without an id the receiver makes one; `at` is when it was said and defaults to the time of recording. `language` is
/// a
/// BCP 47 tag such as `en`; without one it is told from the text, or taken from the conversation.
public record NewMessage(
        @Nullable String id,
        String role,
        @Nullable String speaker,
        String content,
        @Nullable Instant at,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> metadata,
        @Nullable String language) {
    public NewMessage {
        metadata = Copy.of(metadata);
    }

    public static NewMessage of(String role, String content) {
        return new NewMessage(null, role, null, content, null, Map.of(), null);
    }

    public NewMessage withId(String newId) {
        return new NewMessage(newId, role, speaker, content, at, metadata, language);
    }

    public NewMessage withSpeaker(@Nullable String newSpeaker) {
        return new NewMessage(id, role, newSpeaker, content, at, metadata, language);
    }

    public NewMessage withAt(@Nullable Instant newAt) {
        return new NewMessage(id, role, speaker, content, newAt, metadata, language);
    }

    public NewMessage withLanguage(@Nullable String newLanguage) {
        return new NewMessage(id, role, speaker, content, at, metadata, newLanguage);
    }
}
