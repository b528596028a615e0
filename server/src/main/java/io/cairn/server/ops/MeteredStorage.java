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
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A storage that counts what is asked of it: operations by outcome, connections in use, and committed
/// events by type.
public final class MeteredStorage implements LogStorage {
    /// Types are the users' to choose, so only so many get a series of their own.
    private static final int TYPES_MAX = 200;

    private static final String OTHER = "other";
    private static final String OK = "ok";

    private final LogStorage storage;
    private final MeterRegistry meters;
    private final WriteFailures failures;
    private final Set<String> types = ConcurrentHashMap.newKeySet();
    private final AtomicInteger reading;
    private final AtomicInteger writing;

    public MeteredStorage(LogStorage storage, MeterRegistry meters, WriteFailures failures) {
        this.storage = storage;
        this.meters = meters;
        this.failures = failures;
        this.reading = active("read");
        this.writing = active("write");
    }

    private AtomicInteger active(String pool) {
        var active = new AtomicInteger();
        Gauge.builder("db.connections.active", active, AtomicInteger::get)
                .tag("pool", pool)
                .strongReference(true)
                .register(meters);
        return active;
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
        return begun(() -> storage.write(partition));
    }

    @Override
    public WriteTransaction writeAll() {
        return begun(storage::writeAll);
    }

    private WriteTransaction begun(Supplier<WriteTransaction> begin) {
        try {
            var transaction = begin.get();
            counted("begin", OK);
            return new Metered(transaction);
        } catch (StorageException e) {
            failed("begin", e);
            throw e;
        }
    }

    @Override
    public <T> T read(Function<ReadSnapshot, T> work) {
        try {
            T result = storage.read(snapshot -> active(snapshot, work));
            counted("read", OK);
            return result;
        } catch (StorageException e) {
            counted("read", status(e));
            throw e;
        }
    }

    private <T> T active(ReadSnapshot snapshot, Function<ReadSnapshot, T> work) {
        reading.incrementAndGet();
        try {
            return work.apply(snapshot);
        } finally {
            reading.decrementAndGet();
        }
    }

    @Override
    public void close() {
        storage.close();
    }

    /// Part of a write. Within a transaction only failures are counted: the parts are many, and its
    /// commit counts for all of them.
    private void tried(String operation, Runnable work) {
        try {
            work.run();
        } catch (StorageException e) {
            failed(operation, e);
            throw e;
        }
    }

    private void failed(String operation, StorageException failure) {
        counted(operation, status(failure));
        failures.failed(failure);
    }

    private static String status(StorageException failure) {
        return failure.kind().name().toLowerCase(Locale.ROOT);
    }

    private void counted(String operation, String status) {
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
        private boolean open = true;

        Metered(WriteTransaction transaction) {
            this.transaction = transaction;
            writing.incrementAndGet();
        }

        @Override
        public void foresee(Supplier<Questions> questions) {
            transaction.foresee(questions);
        }

        @Override
        public void insert(StoredEvent event) {
            tried("insert", () -> transaction.insert(event));
            events.merge(event.type().name(), 1, Integer::sum);
        }

        @Override
        public void change(Tenant tenant, RowChange change) {
            tried("change", () -> transaction.change(tenant, change));
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
            tried("commit", () -> transaction.commit(head));
            counted("commit", OK);
            failures.succeeded();
            committed(events);
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                writing.decrementAndGet();
            }
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
