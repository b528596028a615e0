package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A message as it is stored; `content` is empty if it only calls tools.
public record Message(
        String id,
        long sequence,
        String role,
        @Nullable String speaker,
        String content,
        @Nullable Instant at,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> metadata,
        @Nullable Instant recordedAt,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Map<String, @Nullable Object>> toolCalls,
        @Nullable String toolCallId) {
    public Message {
        toolCalls = Copy.of(toolCalls);
        metadata = Copy.of(metadata);
    }
}
