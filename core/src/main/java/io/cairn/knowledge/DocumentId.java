package io.cairn.knowledge;

import io.cairn.event.Names;
import io.cairn.event.StreamId;

/// A document's id, chosen by the client or made by the server.
public record DocumentId(String id) {
    static final String STREAM_TYPE = "document";

    public DocumentId {
        Names.id("document id", id);
    }

    public StreamId stream() {
        return new StreamId(STREAM_TYPE, id);
    }

    /// Whose key seals the document and its text.
    String subject() {
        return STREAM_TYPE + "/" + id;
    }

    @Override
    public String toString() {
        return id;
    }
}
