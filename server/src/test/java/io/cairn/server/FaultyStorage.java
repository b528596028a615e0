package io.cairn.server;

import io.cairn.event.Head;
import io.cairn.event.LogStorage;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.Recorded;
import io.cairn.event.StorageException;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamId;
import io.cairn.event.WriteTransaction;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A real storage that fails where it is told to, until it is told not to.
public final class FaultyStorage implements LogStorage {
    /// A step at which a storage can fail.
    public enum Step {
        BEGIN,
        INSERT,
        /// Before anything was committed.
        COMMIT,
        /// After everything was committed.
        COMMITTED,
        /// Beginning again after a commit that failed, to ask what became of it.
        ASKED,
        READ
    }

    private final LogStorage storage;
    private final ConcurrentHashMap<Step, StorageException.Kind> faults = new ConcurrentHashMap<>();
    private volatile boolean inDoubt;

    public FaultyStorage(LogStorage storage) {
        this.storage = storage;
    }

    public void fail(Step step, StorageException.Kind kind) {
        faults.put(step, kind);
    }

    public void heal() {
        faults.clear();
        inDoubt = false;
    }

    private void at(Step step) {
        var kind = faults.get(step);
        if (kind != null) {
            throw new StorageException(kind, "The test lets it fail", new IOException("made up"));
        }
    }

    @Override
    public String epoch() {
        return storage.epoch();
    }

    @Override
    public int partitions() {
        return storage.partitions();
    }

    @Override
    public boolean shared() {
        return storage.shared();
    }

    @Override
    public WriteTransaction write(int partition) {
        at(Step.BEGIN);
        if (inDoubt) {
            at(Step.ASKED);
        }
        return new Faulty(storage.write(partition));
    }

    @Override
    public WriteTransaction writeAll() {
        at(Step.BEGIN);
        return new Faulty(storage.writeAll());
    }

    @Override
    public <T> T read(Function<ReadSnapshot, T> work) {
        at(Step.READ);
        return storage.read(work);
    }

    @Override
    public void close() {
        storage.close();
    }

    private final class Faulty implements WriteTransaction {
        private final WriteTransaction transaction;

        Faulty(WriteTransaction transaction) {
            this.transaction = transaction;
        }

        @Override
        public void insert(StoredEvent event) {
            at(Step.INSERT);
            transaction.insert(event);
        }

        @Override
        public void change(Tenant tenant, RowChange change) {
            transaction.change(tenant, change);
        }

        @Override
        public void makeAside(List<Table> tables) {
            transaction.makeAside(tables);
        }

        @Override
        public void takeAside(List<Table> tables) {
            transaction.takeAside(tables);
        }

        @Override
        public void commit(Head head) {
            inDoubt = true;
            at(Step.COMMIT);
            transaction.commit(head);
            at(Step.COMMITTED);
            inDoubt = false;
        }

        @Override
        public void close() {
            transaction.close();
        }

        @Override
        public Head head(int partition) {
            return transaction.head(partition);
        }

        @Override
        public List<Head> heads() {
            return transaction.heads();
        }

        @Override
        public Optional<Recorded> find(Tenant tenant, UUID eventId) {
            return transaction.find(tenant, eventId);
        }

        @Override
        public long version(Tenant tenant, StreamId stream) {
            return transaction.version(tenant, stream);
        }

        @Override
        public List<StoredEvent> stream(Tenant tenant, StreamId stream, long afterVersion, int limit) {
            return transaction.stream(tenant, stream, afterVersion, limit);
        }

        @Override
        public List<StoredEvent> after(int partition, long position, int limit, long bytesMax) {
            return transaction.after(partition, position, limit, bytesMax);
        }

        @Override
        public List<StoredEvent> after(Tenant tenant, int partition, long position, int limit) {
            return transaction.after(tenant, partition, position, limit);
        }

        @Override
        public Optional<Row> row(Tenant tenant, Table table, RowKey key) {
            return transaction.row(tenant, table, key);
        }

        @Override
        public List<Row> rows(Tenant tenant, Table table, RowKey prefix, @Nullable RowKey after, int limit) {
            return transaction.rows(tenant, table, prefix, after, limit);
        }

        @Override
        public List<Tenant> tenants(Table table) {
            return transaction.tenants(table);
        }

        @Override
        public long count(Tenant tenant, Table table, RowKey prefix) {
            return transaction.count(tenant, table, prefix);
        }
    }
}
