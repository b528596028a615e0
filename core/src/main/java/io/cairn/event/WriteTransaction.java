package io.cairn.event;

import io.cairn.row.RowChange;
import io.cairn.tenant.Tenant;

/// The one transaction that may write to its partition; what it reads includes what it wrote.
public interface WriteTransaction extends ReadSnapshot, AutoCloseable {
    void insert(StoredEvent event);

    void change(Tenant tenant, RowChange change);

    /// Makes everything durable, the new head with it.
    ///
    /// @throws StorageException of kind `UNKNOWN` if it cannot tell whether it did
    void commit(Head head);

    /// Rolls back what was not committed.
    @Override
    void close();
}
