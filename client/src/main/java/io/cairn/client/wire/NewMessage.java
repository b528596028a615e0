package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A message as it is appended to a conversation.
///
/// Without an id the receiver makes one; `at` is when it was said and defaults to the time of recording. `language` is
/// a BCP 47 tag such as `en`; without one it is told from the text, or taken from the conversation. `tool_calls` are
/// objects as chat models make them, kept as they are, and `tool_call_id` names the call whose result the message is;
/// with either of them the message may have no content.
public record NewMessage(
        @Nullable String id,
        String role,
        @Nullable String speaker,
        @Nullable String content,
        @Nullable Instant at,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> metadata,
        @Nullable String language,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Map<String, @Nullable Object>> toolCalls,
        @Nullable String toolCallId) {
    public NewMessage {
        toolCalls = Copy.of(toolCalls);
        metadata = Copy.of(metadata);
    }

    /// A message that has to do with no tool.
    public NewMessage(
            @Nullable String id,
            String role,
            @Nullable String speaker,
            @Nullable String content,
            @Nullable Instant at,
            Map<String, @Nullable Object> metadata,
            @Nullable String language) {
        this(id, role, speaker, content, at, metadata, language, List.of(), null);
    }

    public static NewMessage of(String role, String content) {
        return new NewMessage(null, role, null, content, null, Map.of(), null, List.of(), null);
    }

    public NewMessage withId(String newId) {
        return new NewMessage(newId, role, speaker, content, at, metadata, language, toolCalls, toolCallId);
    }

    public NewMessage withSpeaker(@Nullable String newSpeaker) {
        return new NewMessage(id, role, newSpeaker, content, at, metadata, language, toolCalls, toolCallId);
    }

    public NewMessage withAt(@Nullable Instant newAt) {
        return new NewMessage(id, role, speaker, content, newAt, metadata, language, toolCalls, toolCallId);
    }

    public NewMessage withLanguage(@Nullable String newLanguage) {
        return new NewMessage(id, role, speaker, content, at, metadata, newLanguage, toolCalls, toolCallId);
    }

    public NewMessage withToolCalls(List<Map<String, @Nullable Object>> newToolCalls) {
        return new NewMessage(id, role, speaker, content, at, metadata, language, newToolCalls, toolCallId);
    }

    /// The result of a call.
    public NewMessage withToolCallId(@Nullable String newToolCallId) {
        return new NewMessage(id, role, speaker, content, at, metadata, language, toolCalls, newToolCallId);
    }
}
