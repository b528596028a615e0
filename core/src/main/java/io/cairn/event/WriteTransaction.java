package io.cairn.event;

import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.List;

/// The one transaction that may write to its partition; what it reads includes what it wrote.
public interface WriteTransaction extends ReadSnapshot, AutoCloseable {
    /// A failure may show later, at the latest at the commit, which then has certainly not happened.
    void insert(StoredEvent event);

    void change(Tenant tenant, RowChange change);

    /// Makes an empty [shadow table][Table#aside()] for each of these, in place of one that was left over.
    void makeAside(List<Table> tables);

    /// Puts the shadow tables in the place of these.
    default void takeAside(List<Table> tables) {
        tables.forEach(table -> {
            drop(table);
            rename(table.aside(), table);
        });
    }

    /// Makes an empty table as it is described.
    void make(Table table);

    /// Removes a table, if it is there.
    void drop(Table table);

    /// Gives a table another name, which no other has.
    void rename(Table table, Table as);

    /// Makes everything durable, the new head with it.
    ///
    /// @throws StorageException of kind `UNKNOWN` if it cannot tell whether it did
    void commit(Head head);

    /// Rolls back what was not committed.
    @Override
    void close();
}
