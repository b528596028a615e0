package io.cairn.memory;

import io.cairn.event.Event;
import io.cairn.event.EventType;
import io.cairn.event.Ids;
import io.cairn.text.Language;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A message as it was said.
///
/// @param sequence its number in the conversation, from 1
/// @param content empty if it only calls tools, or is the empty result of one
/// @param toolCalls JSON objects of the tools that the speaker calls
/// @param toolCallId of the call whose result it is
/// @param language in which it was said to be written or seems to be, if that could be told
public record Message(
        ConversationId conversation,
        String id,
        long sequence,
        String role,
        @Nullable String speaker,
        String content,
        Instant at,
        @Nullable Language language,
        JsonNode metadata,
        Instant recordedAt,
        List<JsonNode> toolCalls,
        @Nullable String toolCallId) {
    public static final EventType ADDED = new EventType("message.added");
    public static final EventType DELETED = new EventType("message.deleted");

    static final int SCHEMA_VERSION = 1;

    /// The message that an event tells of; nothing for other events, and for what was forgotten.
    public static Optional<Message> of(Event event) {
        return event.type().equals(ADDED) ? event.payload().needed().map(json -> of(event, json)) : Optional.empty();
    }

    private static Message of(Event event, JsonNode json) {
        return new Message(
                new ConversationId(event.stream().id()),
                json.required("id").asString(),
                event.version(),
                json.required("role").asString(),
                json.path("speaker").asStringOpt().orElse(null),
                json.required("content").asString(),
                event.occurredAt(),
                json.path("language").asStringOpt().map(Language::new).orElse(null),
                json.path("metadata").isObject() ? json.path("metadata") : JsonNodeFactory.instance.objectNode(),
                event.recordedAt(),
                json.path("tool_calls").valueStream().toList(),
                json.path("tool_call_id").asStringOpt().orElse(null));
    }

    static JsonNode payload(NewMessage message, Optional<Language> language) {
        var json = JsonNodeFactory.instance.objectNode();
        json.put("id", message.id()).put("role", message.role());
        if (message.speaker() != null) {
            json.put("speaker", message.speaker());
        }
        json.put("content", message.content());
        language.ifPresent(found -> json.put("language", found.tag()));
        if (!message.metadata().isEmpty()) {
            json.set("metadata", message.metadata());
        }
        if (!message.toolCalls().isEmpty()) {
            message.toolCalls().forEach(json.withArray("tool_calls")::add);
        }
        if (message.toolCallId() != null) {
            json.put("tool_call_id", message.toolCallId());
        }
        return json;
    }

    /// Whether this is what the other would have become.
    boolean sameAs(NewMessage other) {
        return id.equals(other.id())
                && role.equals(other.role())
                && Objects.equals(speaker, other.speaker())
                && content.equals(other.content())
                && metadata.equals(other.metadata())
                && toolCalls.equals(other.toolCalls())
                && Objects.equals(toolCallId, other.toolCallId())
                && (other.at() == null || other.at().equals(at));
    }

    /// The event by which a message is added.
    static UUID eventId(ConversationId id, String message) {
        return Ids.named(ADDED.name(), id.id(), message);
    }
}
