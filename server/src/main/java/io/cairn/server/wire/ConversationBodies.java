package io.cairn.server.wire;

import io.cairn.client.wire.AppendMessages;
import io.cairn.client.wire.AppendedMessage;
import io.cairn.client.wire.AppendedMessages;
import io.cairn.client.wire.ConversationDescription;
import io.cairn.event.Names;
import io.cairn.memory.Conversation;
import io.cairn.memory.ConversationId;
import io.cairn.memory.Message;
import io.cairn.memory.MessagesAdded;
import io.cairn.memory.NewMessage;
import io.cairn.server.http.Field;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.http.Json;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Trouble;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Conversations on the wire and in the core.
public final class ConversationBodies {
    private static final int NAME_LENGTH_MAX = NewMessage.NAME_LENGTH_MAX;

    private ConversationBodies() {}

    public static ConversationId id(String id) {
        return id("id", id);
    }

    public static ConversationId id(String field, String id) {
        return Field.of(field).built(id, () -> new ConversationId(id));
    }

    public static String messageId(String id) {
        return Field.of("message").built(id, () -> {
            Names.id("message id", id);
            return id;
        });
    }

    /// @param ids for messages that come without one, by their index
    public static List<NewMessage> messages(AppendMessages body, HttpLimits limits, IntFunction<String> ids) {
        var messages = Field.of("messages")
                .each(
                        body.messages(),
                        limits.batchItemsMax(),
                        (field, message) -> message(field, message, limits, ids));
        requireDistinct(messages);
        return messages;
    }

    private static void requireDistinct(List<NewMessage> messages) {
        var seen = new HashSet<String>();
        for (int i = 0; i < messages.size(); i++) {
            var id = messages.get(i).id();
            if (!seen.add(id)) {
                throw Field.of("messages[%d].id".formatted(i))
                        .invalid("the id '%s' again".formatted(id), "an id that stands once in the request");
            }
        }
    }

    private static NewMessage message(
            Field field, io.cairn.client.wire.NewMessage message, HttpLimits limits, IntFunction<String> ids) {
        int index = field.index() == null ? 0 : field.index();
        var role = field.at("role").word(message.role(), NAME_LENGTH_MAX);
        var speaker = field.at("speaker").optionalWord(message.speaker(), NAME_LENGTH_MAX);
        var calls = toolCalls(field.at("tool_calls"), message.toolCalls(), limits);
        var callId = message.toolCallId();
        boolean silent = message.content() == null || message.content().isEmpty();
        var content = silent && (!calls.isEmpty() || callId != null)
                ? ""
                : field.at("content").text(message.content(), NewMessage.CONTENT_LENGTH_MAX);
        var metadata = field.at("metadata").json(message.metadata(), limits.metadataBytesMax());
        var id = message.id() == null ? ids.apply(index) : message.id();
        var at = field.at("at").optionalTime(message.at());
        var language = DocumentBodies.language(field.at("language"), message.language());
        if (callId != null) {
            field.at("tool_call_id").word(callId, Names.ID_LENGTH_MAX);
        }
        return field.at("id")
                .built(id, () -> new NewMessage(id, role, speaker, content, at, metadata, language, calls, callId));
    }

    public static Conversation.Description description(ConversationDescription said, HttpLimits limits) {
        var title = Field.of("title").optionalWord(said.title(), Conversation.Description.TITLE_LENGTH_MAX);
        var metadata = Field.of("metadata").json(said.metadata(), limits.metadataBytesMax());
        return Field.of("title").built(title, () -> new Conversation.Description(title, metadata));
    }

    public static Refusal deleted(ConversationId conversation) {
        return Trouble.DELETED.because("The conversation '%s' was deleted".formatted(conversation));
    }

    private static List<JsonNode> toolCalls(Field field, List<Map<String, @Nullable Object>> calls, HttpLimits limits) {
        JsonNode json = Json.mapper().valueToTree(calls);
        return field.json(json, limits.metadataBytesMax()).valueStream().toList();
    }

    /// What became of messages that were added.
    ///
    /// @throws Refusal if they were not
    public static MessagesAdded.Added accepted(ConversationId conversation, MessagesAdded outcome) {
        return switch (outcome) {
            case MessagesAdded.Added added -> added;
            case MessagesAdded.IdReused(var reused) ->
                throw Trouble.ID_REUSED.because(
                        "Messages of other content have these ids: " + String.join(", ", reused));
            case MessagesAdded.MessagesDeleted(var deleted) ->
                throw Trouble.DELETED.because(
                        "Messages with these ids were deleted, and the ids stay taken: " + String.join(", ", deleted));
            case MessagesAdded.Deleted() -> throw deleted(conversation);
        };
    }

    public static Refusal unknown(ConversationId conversation) {
        return Trouble.NOT_FOUND.because("There is no conversation '%s'".formatted(conversation));
    }

    public static Refusal unknown(ConversationId conversation, String message) {
        return Trouble.NOT_FOUND.because(
                "There is no message '%s' in conversation '%s'".formatted(message, conversation));
    }

    public static AppendedMessages appended(List<NewMessage> messages, MessagesAdded.Added added) {
        var places = new ArrayList<AppendedMessage>();
        for (int i = 0; i < messages.size(); i++) {
            places.add(
                    new AppendedMessage(messages.get(i).id(), added.sequences().get(i)));
        }
        return new AppendedMessages(added.at().wire(), places);
    }

    public static io.cairn.client.wire.Conversation wire(Conversation conversation) {
        return new io.cairn.client.wire.Conversation(
                conversation.id().id(),
                conversation.messages(),
                conversation.createdAt(),
                conversation.updatedAt(),
                conversation.position().wire(),
                conversation.described().title(),
                Json.map(conversation.described().metadata()));
    }

    public static io.cairn.client.wire.Message wire(Message message) {
        return new io.cairn.client.wire.Message(
                message.id(),
                message.sequence(),
                message.role(),
                message.speaker(),
                message.content(),
                message.at(),
                Json.map(message.metadata()),
                message.recordedAt(),
                message.toolCalls().stream().map(Json::map).toList(),
                message.toolCallId());
    }
}
