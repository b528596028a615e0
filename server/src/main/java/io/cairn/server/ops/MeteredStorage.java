package io.cairn.server.ops;

import io.cairn.event.ForwardingStorage;
import io.cairn.event.ForwardingTransaction;
import io.cairn.event.Head;
import io.cairn.event.LogStorage;
import io.cairn.event.OvertakenException;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.StorageException;
import io.cairn.event.StorageOperation;
import io.cairn.event.StoredEvent;
import io.cairn.event.WriteTransaction;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;

/// A storage that counts what is asked of it: operations by outcome, connections in use, and committed
/// events by type.
public final class MeteredStorage implements ForwardingStorage {
    /// Types are the users' to choose, so only so many get a series of their own.
    private static final int TYPES_MAX = 200;

    private static final String OTHER = "other";
    private static final String ACTIVE = "db.connections.active";

    /// The parts of a transaction are many, and its commit counts for all of those that succeed.
    private static final Set<StorageOperation> COUNTED =
            Set.of(StorageOperation.READ, StorageOperation.BEGIN, StorageOperation.COMMIT);

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

    /// Where there is a pool, it tells by itself.
    private AtomicInteger active(String pool) {
        var active = new AtomicInteger();
        if (meters.find(ACTIVE).tag("pool", pool).gauge() == null) {
            Gauge.builder(ACTIVE, active, AtomicInteger::get)
                    .tag("pool", pool)
                    .strongReference(true)
                    .register(meters);
        }
        return active;
    }

    @Override
    public LogStorage storage() {
        return storage;
    }

    @Override
    public <T> T around(StorageOperation operation, Supplier<T> work) {
        try {
            T done = work.get();
            if (COUNTED.contains(operation)) {
                counted(operation, "ok");
            }
            return done;
        } catch (StorageException e) {
            counted(operation, lower(e.kind()));
            if (operation != StorageOperation.READ) {
                failures.failed(e);
            }
            throw e;
        } catch (OvertakenException e) {
            counted(operation, "overtaken");
            throw e;
        }
    }

    @Override
    public <T> T read(Function<ReadSnapshot, T> work) {
        return ForwardingStorage.super.read(snapshot -> {
            reading.incrementAndGet();
            try {
                return work.apply(snapshot);
            } finally {
                reading.decrementAndGet();
            }
        });
    }

    @Override
    public WriteTransaction begun(WriteTransaction transaction) {
        return new Metered(transaction);
    }

    private void counted(StorageOperation operation, String status) {
        meters.counter("db.operations", "operation", lower(operation), "status", status)
                .increment();
    }

    private static String lower(Enum<?> name) {
        return name.name().toLowerCase(Locale.ROOT);
    }

    private void committed(Map<String, Integer> events) {
        events.forEach((type, count) -> {
            boolean own = types.contains(type) || (types.size() < TYPES_MAX && types.add(type));
            meters.counter("events", "type", own ? type : OTHER).increment(count);
        });
    }

    private final class Metered implements ForwardingTransaction {
        private final WriteTransaction transaction;
        private final Map<String, Integer> events = new HashMap<>();
        private boolean open = true;

        Metered(WriteTransaction transaction) {
            this.transaction = transaction;
            writing.incrementAndGet();
        }

        @Override
        public WriteTransaction transaction() {
            return transaction;
        }

        @Override
        public <T> T around(StorageOperation operation, Supplier<T> work) {
            return MeteredStorage.this.around(operation, work);
        }

        @Override
        public void insert(StoredEvent event) {
            ForwardingTransaction.super.insert(event);
            events.merge(event.type().name(), 1, Integer::sum);
        }

        @Override
        public void commit(Head head) {
            ForwardingTransaction.super.commit(head);
            failures.succeeded();
            committed(events);
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                writing.decrementAndGet();
            }
            ForwardingTransaction.super.close();
        }
    }
}
