package io.cairn.event;

/// The store could not do its work; nothing that it refused has been kept.
public class StorageException extends RuntimeException {
    /// Who has to act.
    public enum Kind {
        /// No room is left: an operator frees some, and the same request will do.
        FULL,
        /// It will pass by itself: try the same request again.
        BUSY,
        /// The commit may or may not have happened: ask again with the same event ids.
        UNKNOWN,
        /// The store is broken: an operator has to look.
        BROKEN
    }

    private final Kind kind;

    public StorageException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
