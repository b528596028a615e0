package io.cairn.client;

import io.cairn.client.wire.AppendMessages;
import io.cairn.client.wire.AppendedMessages;
import io.cairn.client.wire.Conversation;
import io.cairn.client.wire.ConversationDescription;
import io.cairn.client.wire.Deleted;
import io.cairn.client.wire.Message;
import io.cairn.client.wire.NewMessage;
import io.cairn.client.wire.Page;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The conversations of a tenant and their messages.
public final class Conversations {
    private final Transport transport;
    private final Supplier<String> ids;

    Conversations(Transport transport, Supplier<String> ids) {
        this.transport = transport;
        this.ids = ids;
    }

    public AppendedMessages append(String conversation, NewMessage... messages) {
        return append(conversation, List.of(messages));
    }

    /// Appends all of the messages or none; creates the conversation with its first message.
    public AppendedMessages append(String conversation, List<NewMessage> messages) {
        List<NewMessage> named = messages.stream()
                .map(message -> message.id() == null ? message.withId(ids.get()) : message)
                .toList();
        Address address = Address.of("conversations", conversation, "messages");
        return transport.send(
                Call.post(address, new AppendMessages(named), Call.Again.HARMLESS), AppendedMessages.class);
    }

    /// Says what a conversation is about, in place of what was said before; makes it if there is none.
    public Conversation describe(String conversation, ConversationDescription description) {
        return transport.send(
                Call.put(Address.of("conversations", conversation), description, Call.Again.HARMLESS),
                Conversation.class);
    }

    public Conversation get(String conversation) {
        return transport.send(Call.get(Address.of("conversations", conversation)), Conversation.class);
    }

    public Page<Message> messages(String conversation, @Nullable String after, @Nullable Integer limit) {
        Address address = Address.of("conversations", conversation, "messages")
                .with("after", after)
                .with("limit", limit);
        return transport.page(Call.get(address), Message.class);
    }

    /// All messages of a conversation, read page by page.
    public Stream<Message> messages(String conversation) {
        return Pages.all(after -> messages(conversation, after, null));
    }

    public Page<Conversation> list(@Nullable String after, @Nullable Integer limit) {
        Address address = Address.of("conversations").with("after", after).with("limit", limit);
        return transport.page(Call.get(address), Conversation.class);
    }

    /// All conversations, read page by page.
    public Stream<Conversation> list() {
        return Pages.all(after -> list(after, null));
    }

    public Deleted delete(String conversation) {
        return transport.send(Call.delete(Address.of("conversations", conversation)), Deleted.class);
    }

    /// Deletes one message; the conversation goes on without it.
    public Deleted deleteMessage(String conversation, String message) {
        return transport.send(
                Call.delete(Address.of("conversations", conversation, "messages", message)), Deleted.class);
    }
}
