package io.cairn.event;

/// What a storage is asked to do, by the part that it has in a read or in a writing transaction.
public enum StorageOperation {
    /// A whole read.
    READ,
    /// The beginning of a writing transaction.
    BEGIN,
    /// A question within a transaction or a snapshot.
    ASK,
    INSERT,
    CHANGE,
    COMMIT,
    /// The end of a writing transaction, whatever became of it.
    END
}
