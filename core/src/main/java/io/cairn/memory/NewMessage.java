package io.cairn.memory;

import io.cairn.event.Names;
import io.cairn.event.Times;
import io.cairn.text.Language;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A message that is to be remembered.
///
/// @param id unique in its conversation; the same id with the same content is remembered once
/// @param role who speaks, as chat models know it: `user`, `assistant`, `system`, `tool` or another word
/// @param speaker the speaker's name, by which a query may call for what they said
/// @param at when it was said; null for now
/// @param metadata a JSON object, kept as it is
/// @param toolCalls JSON objects of the tools that the speaker calls, kept as they are
/// @param toolCallId of the call whose result it is
/// @param language in which it is written; null if that is to be told from the text
public record NewMessage(
        String id,
        String role,
        @Nullable String speaker,
        String content,
        @Nullable Instant at,
        JsonNode metadata,
        @Nullable Language language,
        List<JsonNode> toolCalls,
        @Nullable String toolCallId) {
    public static final int CONTENT_LENGTH_MAX = 1_000_000;

    public static final int NAME_LENGTH_MAX = 200;

    public static final int TOOL_CALLS_MAX = 128;

    public NewMessage {
        Names.id("message id", id);
        name("role", role);
        if (speaker != null) {
            name("speaker", speaker);
        }
        Names.text("content", content);
        toolCalls = List.copyOf(toolCalls);
        if (toolCalls.size() > TOOL_CALLS_MAX || !toolCalls.stream().allMatch(JsonNode::isObject)) {
            throw new IllegalArgumentException(
                    "A message's tool calls are at most %d JSON objects".formatted(TOOL_CALLS_MAX));
        }
        if (toolCallId != null) {
            Names.id("tool call id", toolCallId);
        }
        boolean mayBeEmpty = !toolCalls.isEmpty() || toolCallId != null;
        if (content.isEmpty() && !mayBeEmpty || content.length() > CONTENT_LENGTH_MAX) {
            throw new IllegalArgumentException("A message's content has 1 to %d characters; found %d"
                    .formatted(CONTENT_LENGTH_MAX, content.length()));
        }
        at = at == null ? null : Times.checked("at", at);
        if (!metadata.isObject()) {
            throw new IllegalArgumentException("A message's metadata is a JSON object");
        }
    }

    /// A message that has to do with no tool.
    public NewMessage(
            String id,
            String role,
            @Nullable String speaker,
            String content,
            @Nullable Instant at,
            JsonNode metadata,
            @Nullable Language language) {
        this(id, role, speaker, content, at, metadata, language, List.of(), null);
    }

    /// A message whose language is told from its text.
    public NewMessage(
            String id, String role, @Nullable String speaker, String content, @Nullable Instant at, JsonNode metadata) {
        this(id, role, speaker, content, at, metadata, null);
    }

    public static NewMessage of(String id, String role, String content) {
        return new NewMessage(id, role, null, content, null, JsonNodeFactory.instance.objectNode());
    }

    private static void name(String what, String value) {
        Names.text(what, value);
        if (value.isBlank() || value.length() > NAME_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "A %s has 1 to %d characters; found %d".formatted(what, NAME_LENGTH_MAX, value.length()));
        }
    }
}
