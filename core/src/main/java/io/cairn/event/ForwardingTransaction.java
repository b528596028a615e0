package io.cairn.event;

import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.List;

/// A writing transaction in front of another.
public interface ForwardingTransaction extends ForwardingSnapshot, WriteTransaction {
    WriteTransaction transaction();

    @Override
    default ReadSnapshot snapshot() {
        return transaction();
    }

    private void done(StorageOperation operation, Runnable work) {
        around(operation, () -> {
            work.run();
            return operation;
        });
    }

    @Override
    default void insert(StoredEvent event) {
        done(StorageOperation.INSERT, () -> transaction().insert(event));
    }

    @Override
    default void change(Tenant tenant, RowChange change) {
        done(StorageOperation.CHANGE, () -> transaction().change(tenant, change));
    }

    @Override
    default void makeAside(List<Table> tables) {
        done(StorageOperation.CHANGE, () -> transaction().makeAside(tables));
    }

    @Override
    default void takeAside(List<Table> tables) {
        done(StorageOperation.CHANGE, () -> transaction().takeAside(tables));
    }

    @Override
    default void make(Table table) {
        done(StorageOperation.CHANGE, () -> transaction().make(table));
    }

    @Override
    default void drop(Table table) {
        done(StorageOperation.CHANGE, () -> transaction().drop(table));
    }

    @Override
    default void rename(Table table, Table as) {
        done(StorageOperation.CHANGE, () -> transaction().rename(table, as));
    }

    @Override
    default void commit(Head head) {
        done(StorageOperation.COMMIT, () -> transaction().commit(head));
    }

    @Override
    default void close() {
        done(StorageOperation.END, () -> transaction().close());
    }
}
