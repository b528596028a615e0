package io.cairn.server.mcp;

import static java.util.stream.Collectors.joining;

import io.cairn.client.wire.Conversation;
import io.cairn.client.wire.Message;
import io.cairn.client.wire.Page;
import io.cairn.memory.ConversationId;
import io.cairn.memory.Conversations;
import io.cairn.server.http.Field;
import io.cairn.server.http.Paging;
import io.cairn.server.wire.ConversationBodies;
import io.cairn.server.wire.RecalledText;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a conversation, page by page.
final class GetConversationTool implements Tool {
    /// A model's window is smaller than a program's.
    private static final int LIMIT_DEFAULT = 50;

    private static final int LIMIT_MAX = 500;

    private final Conversations conversations;

    GetConversationTool(Conversations conversations) {
        this.conversations = conversations;
    }

    private record Given(
            @Nullable String conversationId,
            @Nullable String after,
            @Nullable Integer limit) {
        Wanted checked() {
            int items = limit == null ? LIMIT_DEFAULT : limit;
            if (items < 1 || items > LIMIT_MAX) {
                throw Field.of("limit").invalid(Integer.toString(items), "1 to " + LIMIT_MAX);
            }
            var id = Field.of("conversation_id").required(conversationId);
            return new Wanted(
                    ConversationBodies.id("conversation_id", id), Paging.numberAfter(after), new Paging(items));
        }
    }

    private record Wanted(ConversationId id, long after, Paging paging) {}

    private record Read(
            Conversation conversation,
            List<Message> messages,
            @Nullable String next) {}

    @Override
    public String name() {
        return "get_conversation";
    }

    @Override
    public boolean writes() {
        return false;
    }

    @Override
    public Told call(Caller caller, Map<String, Object> arguments) {
        var wanted = Arguments.read(arguments, Given.class).checked();
        var tenant = caller.context().tenant();
        var conversation = conversations
                .find(tenant, wanted.id())
                .map(ConversationBodies::wire)
                .orElseThrow(() -> ConversationBodies.unknown(wanted.id()));
        var page = page(tenant, wanted);
        caller.call().count("messages", page.items().size());
        return new Told(text(conversation, page), RecalledText.mark(new Read(conversation, page.items(), page.next())));
    }

    private Page<Message> page(Tenant tenant, Wanted wanted) {
        var paging = wanted.paging();
        return paging.page(
                conversations.messages(tenant, wanted.id(), wanted.after(), paging.oneMore()),
                ConversationBodies::wire,
                message -> Long.toString(message.sequence()));
    }

    private static String text(Conversation conversation, Page<Message> page) {
        var next = page.next();
        return "Conversation '%s' has %d messages; here are %d of them%s. %s%n%n"
                        .formatted(
                                conversation.id(),
                                conversation.messageCount(),
                                page.items().size(),
                                next == null ? "" : ", and more with after = \"" + next + "\"",
                                RecalledText.NOTICE)
                + page.items().stream().map(GetConversationTool::text).collect(joining("\n\n"));
    }

    private static String text(Message message) {
        return "[%d] message '%s', %s%s, %s%s%n%s"
                .formatted(
                        message.sequence(),
                        message.id(),
                        message.role(),
                        message.speaker() == null ? "" : " " + message.speaker(),
                        message.at(),
                        message.toolCalls().isEmpty()
                                ? ""
                                : ", calls %d tools: %s"
                                        .formatted(
                                                message.toolCalls().size(),
                                                RecalledText.quoted(
                                                        message.toolCalls().toString())),
                        RecalledText.quoted(message.content()));
    }
}
