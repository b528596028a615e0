package io.cairn.server.ops;

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
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A storage that counts what is asked of it: operations by outcome, and committed events by type.
public final class MeteredStorage implements LogStorage {
    /// Types are the users' to choose, so only so many get a series of their own.
    private static final int TYPES_MAX = 200;

    private static final String OTHER = "other";

    private final LogStorage storage;
    private final MeterRegistry meters;
    private final Set<String> types = ConcurrentHashMap.newKeySet();

    public MeteredStorage(LogStorage storage, MeterRegistry meters) {
        this.storage = storage;
        this.meters = meters;
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
        return new Metered(counted("begin", () -> storage.write(partition)));
    }

    @Override
    public <T> T read(Function<ReadSnapshot, T> work) {
        return counted("read", () -> storage.read(work));
    }

    @Override
    public void close() {
        storage.close();
    }

    private <T> T counted(String operation, Supplier<T> work) {
        try {
            T result = work.get();
            count(operation, "ok");
            return result;
        } catch (StorageException e) {
            count(operation, e.kind().name().toLowerCase(java.util.Locale.ROOT));
            throw e;
        }
    }

    private void count(String operation, String status) {
        meters.counter("db.operations", "operation", operation, "status", status)
                .increment();
    }

    private void committed(Map<String, Integer> events) {
        events.forEach((type, count) -> {
            boolean own = types.contains(type) || (types.size() < TYPES_MAX && types.add(type));
            meters.counter("events", "type", own ? type : OTHER).increment(count);
        });
    }

    private final class Metered implements WriteTransaction {
        private final WriteTransaction transaction;
        private final Map<String, Integer> events = new HashMap<>();

        Metered(WriteTransaction transaction) {
            this.transaction = transaction;
        }

        @Override
        public void insert(StoredEvent event) {
            transaction.insert(event);
            events.merge(event.type().name(), 1, Integer::sum);
        }

        @Override
        public void change(Tenant tenant, RowChange change) {
            transaction.change(tenant, change);
        }

        @Override
        public void commit(Head head) {
            counted("commit", () -> {
                transaction.commit(head);
                return head;
            });
            committed(events);
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
