package io.cairn.memory;

import io.cairn.event.Names;
import io.cairn.event.StreamId;

/// A conversation's id, chosen by the client.
public record ConversationId(String id) {
    static final String STREAM_TYPE = "conversation";

    public ConversationId {
        Names.id("conversation id", id);
    }

    public StreamId stream() {
        return new StreamId(STREAM_TYPE, id);
    }

    /// Whose key seals the messages: forgetting a conversation is forgetting this subject.
    String subject() {
        return STREAM_TYPE + "/" + id;
    }

    @Override
    public String toString() {
        return id;
    }
}
