package io.cairn.knowledge;

import io.cairn.event.Names;
import io.cairn.event.StreamId;

/// A document's id, chosen by the client or made by the server.
public record DocumentId(String id) {
    static final String STREAM_TYPE = "document";

    /// Between the id of a document and the name of a file within it.
    static final String WITHIN = "!/";

    public DocumentId {
        Names.id("document id", id);
    }

    public StreamId stream() {
        return new StreamId(STREAM_TYPE, id);
    }

    /// Whose key seals the document and its text, and those of the files that came in it.
    String subject() {
        return STREAM_TYPE + "/" + id;
    }

    /// The id of a file within this document.
    String part(String name) {
        return id + WITHIN + name;
    }

    /// Whether this one is that document or within it.
    boolean isOrIsWithin(DocumentId document) {
        return equals(document) || id.startsWith(document.id + WITHIN);
    }

    @Override
    public String toString() {
        return id;
    }
}
