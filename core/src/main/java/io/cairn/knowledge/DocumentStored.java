package io.cairn.knowledge;

import io.cairn.event.Position;
import java.util.List;

/// What became of a document that was to be kept.
public sealed interface DocumentStored {

    /// It is durable.
    ///
    /// @param at the position of the version
    /// @param parts what became of the files that came in it
    record Stored(DocumentId id, long version, Position at, Status status, List<StoredPart> parts)
            implements DocumentStored {
        public Stored {
            parts = List.copyOf(parts);
        }

        /// A document in which no others came.
        public Stored(DocumentId id, long version, Position at, Status status) {
            this(id, version, at, status, List.of());
        }
    }

    /// A file that came in a document.
    ///
    /// @param within the document in which it was
    sealed interface StoredPart {
        DocumentId id();

        DocumentId within();

        String name();

        /// It is a document of its own.
        record Kept(DocumentId id, DocumentId within, String name, long version, Status status) implements StoredPart {}

        /// It is none.
        record Rejected(DocumentId id, DocumentId within, String name, Extraction.Refused why) implements StoredPart {}
    }

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
