package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The body of `PUT /v1/conversations/{id}`: what the conversation is about, in place of what was said before.
public record ConversationDescription(
        @Nullable String title,
        @JsonInclude(JsonInclude.Include.NON_EMPTY) Map<String, @Nullable Object> metadata) {
    public ConversationDescription {
        metadata = Copy.of(metadata);
    }

    public static ConversationDescription titled(String title) {
        return new ConversationDescription(title, Map.of());
    }
}
