package io.cairn.server.mcp;

import io.cairn.client.wire.AppendMessages;
import io.cairn.client.wire.AppendedMessage;
import io.cairn.client.wire.NewMessage;
import io.cairn.event.Ids;
import io.cairn.memory.Conversations;
import io.cairn.server.http.Field;
import io.cairn.server.http.HttpLimits;
import io.cairn.server.wire.ConversationBodies;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Adds messages to a conversation.
final class RememberTool implements Tool {
    private final Conversations conversations;
    private final Ids ids;
    private final HttpLimits limits;

    RememberTool(Conversations conversations, Ids ids, HttpLimits limits) {
        this.conversations = conversations;
        this.ids = ids;
        this.limits = limits;
    }

    /// Several messages, or one whose fields stand here.
    private record Given(
            @Nullable String conversationId,
            @Nullable List<NewMessage> messages,
            @Nullable String id,
            @Nullable String role,
            @Nullable String speaker,
            @Nullable String content,
            @Nullable Instant at,
            @Nullable Map<String, @Nullable Object> metadata,
            @Nullable String language) {

        AppendMessages body() {
            boolean one = Stream.of(id, role, speaker, content, at, metadata, language)
                    .anyMatch(Objects::nonNull);
            if (messages != null && one) {
                throw Field.of("messages").invalid("messages and the fields of one beside them", "one or the other");
            }
            return messages == null && one ? new AppendMessages(List.of(single())) : new AppendMessages(several());
        }

        private List<NewMessage> several() {
            return Field.of("messages").required(messages);
        }

        private NewMessage single() {
            return new NewMessage(
                    id,
                    Field.of("role").required(role),
                    speaker,
                    Field.of("content").required(content),
                    at,
                    metadata == null ? Map.of() : metadata,
                    language);
        }
    }

    private record Remembered(String conversationId, String position, List<AppendedMessage> messages, boolean added) {}

    @Override
    public String name() {
        return "remember";
    }

    @Override
    public boolean writes() {
        return true;
    }

    @Override
    public Told call(Caller caller, Map<String, Object> arguments) {
        var given = Arguments.read(arguments, Given.class);
        var id = ConversationBodies.id(
                "conversation_id", Field.of("conversation_id").required(given.conversationId()));
        var messages = ConversationBodies.messages(
                given.body(), limits, index -> ids.next().toString());
        caller.call().count("messages", messages.size());
        var added = ConversationBodies.accepted(id, conversations.add(caller.context(), id, messages));
        var places = ConversationBodies.appended(messages, added);
        return told(new Remembered(id.id(), places.position(), places.messages(), added.created()));
    }

    private static Told told(Remembered remembered) {
        int count = remembered.messages().size();
        return new Told(
                "%s in conversation '%s': %d %s, up to sequence %d. Position %s: as min_position it makes recall find them."
                        .formatted(
                                remembered.added() ? "Remembered" : "Already known",
                                remembered.conversationId(),
                                count,
                                count == 1 ? "message" : "messages",
                                remembered.messages().getLast().sequence(),
                                remembered.position()),
                remembered);
    }
}
