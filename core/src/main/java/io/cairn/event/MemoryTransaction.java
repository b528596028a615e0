package io.cairn.event;

import io.cairn.event.InMemoryLogStorage.Step;
import io.cairn.event.MemoryState.Change;
import io.cairn.event.MemoryState.FullKey;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A transaction that writes to a log in memory. It sees its own writes and nothing that others commit meanwhile; its
/// commit puts them on top of that.
class MemoryTransaction extends MemorySnapshot implements WriteTransaction {
    private final InMemoryLogStorage storage;
    private final int partition;
    private final Runnable ending;
    final MemoryState before;
    private final List<Change> changes = new ArrayList<>();
    private final Set<String> changed = new HashSet<>();
    private final Set<String> replaced = new HashSet<>();
    private boolean open = true;

    /// @param ending gives back what the transaction holds
    MemoryTransaction(InMemoryLogStorage storage, int partition, Runnable ending) {
        var committed = storage.committed();
        super(committed.toWrite(partition));
        this.storage = storage;
        this.partition = partition;
        this.ending = ending;
        this.before = committed;
    }

    @Override
    public void insert(StoredEvent event) {
        storage.faults().at(Step.INSERT);
        storage.requireTaken(event);
        state.parts().get(partition).add(event);
    }

    @Override
    public void change(Tenant tenant, RowChange change) {
        storage.faults().at(Step.CHANGE);
        var made = new Change(tenant, change);
        own(state.tables(), change.table());
        made.carryOut(state.tables());
        changes.add(made);
    }

    private void own(Map<String, TreeMap<FullKey, Row>> tables, Table table) {
        if (changed.add(table.name())) {
            tables.put(table.name(), new TreeMap<>(table(table)));
        }
    }

    @Override
    public void makeAside(List<Table> tables) {
        storage.faults().at(Step.CHANGE);
        tables.forEach(table -> put(table.aside().name(), MemoryState.noRows()));
    }

    @Override
    public void make(Table table) {
        storage.faults().at(Step.CHANGE);
        if (state.tables().containsKey(table.name())) {
            throw new StorageException(
                    StorageException.Kind.BROKEN,
                    "There is a table %s already".formatted(table.name()),
                    new IllegalStateException());
        }
        put(table.name(), MemoryState.noRows());
    }

    @Override
    public void drop(Table table) {
        storage.faults().at(Step.CHANGE);
        state.tables().remove(table.name());
    }

    @Override
    public void rename(Table table, Table as) {
        storage.faults().at(Step.CHANGE);
        put(as.name(), table(table));
        state.tables().remove(table.name());
    }

    /// Tables come and go under every writer's lock, or where nobody else looks.
    private void put(String name, TreeMap<FullKey, Row> rows) {
        changed.add(name);
        state.tables().put(name, rows);
        replaced.add(name);
    }

    @Override
    public void commit(Head head) {
        storage.faults().at(Step.BEFORE_COMMIT);
        storage.replace(committed -> {
            var tables = committed.tables() == before.tables() ? state.tables() : merged(committed.tables());
            return new MemoryState(committed.parts(), tables)
                    .with(state.parts().get(partition).at(head));
        });
        storage.faults().at(Step.AFTER_COMMIT);
    }

    /// This transaction's row changes on top of what others have committed since it began.
    private Map<String, TreeMap<FullKey, Row>> merged(Map<String, TreeMap<FullKey, Row>> latest) {
        var tables = new HashMap<>(latest);
        replaced.forEach(name -> tables.put(name, MemoryState.noRows()));
        changed.forEach(name -> tables.computeIfPresent(name, (same, rows) -> new TreeMap<>(rows)));
        changes.forEach(made -> made.carryOut(tables));
        return tables;
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            ending.run();
        }
    }
}
