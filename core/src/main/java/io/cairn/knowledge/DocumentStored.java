package io.cairn.knowledge;

import io.cairn.event.Position;

/// What became of a document that was to be kept.
public sealed interface DocumentStored {

    /// It is durable.
    ///
    /// @param at the position of the version
    record Stored(DocumentId id, long version, Position at, Status status) implements DocumentStored {}

    /// The file cannot be read as text.
    record Refused(Extraction.Reason reason, String detail) implements DocumentStored {}

    /// Another document has the same content; one content is kept once.
    record ContentElsewhere(DocumentId holder) implements DocumentStored {}

    /// The caller wanted to replace another version than the current one.
    ///
    /// @param actual 0 if there is none
    record VersionMismatch(long actual) implements DocumentStored {}

    /// The document was deleted, and its id may only be used again by those who say so.
    record Deleted() implements DocumentStored {}

    /// How a stored document relates to what was there.
    enum Status {
        CREATED,
        UPDATED,
        UNCHANGED
    }
}
