package io.cairn.event;

import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.RowOrder;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A log in memory that shows the same hazards as a database: readers see a snapshot, a writer sees its own writes, a
/// commit can fail before or after it took effect.
///
/// Committed state is immutable and replaced as a whole, which is what makes a snapshot.
public final class InMemoryLogStorage implements LogStorage {
    /// A moment at which a fault may strike.
    public enum Step {
        BEGIN,
        INSERT,
        CHANGE,
        BEFORE_COMMIT,
        AFTER_COMMIT
    }

    /// Strikes at a step by throwing, or lets it pass.
    @FunctionalInterface
    public interface Faults {
        void at(Step step);
    }

    private record StreamKey(Tenant tenant, StreamId stream) {}

    private record EventKey(Tenant tenant, UUID id) {}

    private record FullKey(Tenant tenant, RowKey key) {}

    private record State(
            Head head,
            List<StoredEvent> events,
            Map<StreamKey, List<StoredEvent>> streams,
            Map<EventKey, StoredEvent> ids,
            Map<String, TreeMap<FullKey, Row>> tables) {}

    private static final Comparator<FullKey> ORDER =
            Comparator.comparing((FullKey key) -> key.tenant().id()).thenComparing(FullKey::key, RowOrder.KEYS);

    private final String epoch;
    private final Faults faults;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile State committed;
    private volatile Predicate<StoredEvent> refused = event -> false;

    InMemoryLogStorage(String epoch, List<Table> tables, Faults faults) {
        this.epoch = epoch;
        this.faults = faults;
        var empty = new HashMap<String, TreeMap<FullKey, Row>>();
        tables.forEach(table -> empty.put(table.name(), new TreeMap<>(ORDER)));
        committed = new State(Head.genesis(epoch, 0), List.of(), Map.of(), Map.of(), Map.copyOf(empty));
    }

    /// The same store, with faults.
    public static InMemoryLogStorage failing(List<Table> tables, Faults faults) {
        return new InMemoryLogStorage("memory", tables, faults);
    }

    /// Fails at the insert of events that match, as a database does that cannot store a value.
    void refuse(Predicate<StoredEvent> refused) {
        this.refused = refused;
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public int partitions() {
        return 1;
    }

    @Override
    public WriteTransaction write(int partition) {
        writing.lock();
        try {
            faults.at(Step.BEGIN);
        } catch (RuntimeException e) {
            writing.unlock();
            throw e;
        }
        return new Writing(committed);
    }

    @Override
    public <T> T read(Function<ReadSnapshot, T> work) {
        return work.apply(new Snapshot(committed));
    }

    @Override
    public void close() {
        // nothing is held
    }

    private static class Snapshot implements ReadSnapshot {
        State state;

        Snapshot(State state) {
            this.state = state;
        }

        @Override
        public Head head(int partition) {
            return state.head();
        }

        @Override
        public Optional<Recorded> find(Tenant tenant, UUID eventId) {
            return Optional.ofNullable(state.ids().get(new EventKey(tenant, eventId)))
                    .map(event -> new Recorded(eventId, event.stream(), event.version(), event.position()));
        }

        @Override
        public long version(Tenant tenant, StreamId stream) {
            return events(tenant, stream).size();
        }

        @Override
        public List<StoredEvent> stream(Tenant tenant, StreamId stream, long afterVersion, int limit) {
            return events(tenant, stream).stream()
                    .skip(afterVersion)
                    .limit(limit)
                    .toList();
        }

        @Override
        public List<StoredEvent> after(int partition, long position, int limit, long bytesMax) {
            var taken = new ArrayList<StoredEvent>();
            long bytes = 0;
            for (int i = (int) position; i < state.events().size() && taken.size() < limit && bytes <= bytesMax; i++) {
                taken.add(state.events().get(i));
                bytes += state.events().get(i).payload().length;
            }
            return taken;
        }

        @Override
        public List<StoredEvent> after(Tenant tenant, int partition, long position, int limit) {
            return state.events().stream()
                    .skip(position)
                    .filter(event -> event.tenant().equals(tenant))
                    .limit(limit)
                    .toList();
        }

        @Override
        public Optional<Row> row(Tenant tenant, Table table, RowKey key) {
            return Optional.ofNullable(table(table).get(new FullKey(tenant, key)));
        }

        @Override
        public List<Row> rows(Tenant tenant, Table table, RowKey prefix, @Nullable RowKey after, int limit) {
            var from = new FullKey(tenant, after == null ? prefix : after);
            return matching(tenant, table, prefix, from, after == null)
                    .map(Map.Entry::getValue)
                    .limit(limit)
                    .toList();
        }

        @Override
        public List<Tenant> tenants(Table table) {
            return table(table).keySet().stream()
                    .map(FullKey::tenant)
                    .distinct()
                    .toList();
        }

        @Override
        public long count(Tenant tenant, Table table, RowKey prefix) {
            return matching(tenant, table, prefix, new FullKey(tenant, prefix), true)
                    .count();
        }

        Stream<Map.Entry<FullKey, Row>> matching(
                Tenant tenant, Table table, RowKey prefix, FullKey from, boolean inclusive) {
            return table(table).tailMap(from, inclusive).entrySet().stream()
                    .takeWhile(entry -> entry.getKey().tenant().equals(tenant)
                            && RowOrder.startsWith(entry.getKey().key(), prefix));
        }

        TreeMap<FullKey, Row> table(Table table) {
            var rows = state.tables().get(table.name());
            if (rows == null) {
                throw new IllegalArgumentException("This store was made without table " + table.name());
            }
            return rows;
        }

        private List<StoredEvent> events(Tenant tenant, StreamId stream) {
            return state.streams().getOrDefault(new StreamKey(tenant, stream), List.of());
        }
    }

    private final class Writing extends Snapshot implements WriteTransaction {
        private boolean open = true;

        Writing(State state) {
            super(new State(
                    state.head(),
                    new ArrayList<>(state.events()),
                    new HashMap<>(state.streams()),
                    new HashMap<>(state.ids()),
                    new HashMap<>(state.tables())));
        }

        @Override
        public void insert(StoredEvent event) {
            faults.at(Step.INSERT);
            if (refused.test(event)) {
                throw new StorageException(
                        StorageException.Kind.BROKEN, "This event is refused", new IllegalArgumentException());
            }
            state.events().add(event);
            state.ids().put(new EventKey(event.tenant(), event.eventId()), event);
            state.streams()
                    .merge(
                            new StreamKey(event.tenant(), event.stream()),
                            List.of(event),
                            (old, next) ->
                                    Stream.concat(old.stream(), next.stream()).toList());
        }

        @Override
        public void change(Tenant tenant, RowChange change) {
            faults.at(Step.CHANGE);
            var rows = own(change.table());
            switch (change) {
                case RowChange.Put put ->
                    rows.merge(new FullKey(tenant, put.key()), put.row(), (existing, row) -> put.over(existing));
                case RowChange.Remove(var table, var key) -> {
                    var gone = matching(tenant, table, key, new FullKey(tenant, key), true)
                            .map(Map.Entry::getKey)
                            .toList();
                    gone.forEach(rows::remove);
                }
            }
        }

        private TreeMap<FullKey, Row> own(Table table) {
            var copy = new TreeMap<>(table(table));
            state.tables().put(table.name(), copy);
            return copy;
        }

        @Override
        public void commit(Head head) {
            faults.at(Step.BEFORE_COMMIT);
            committed = new State(head, state.events(), state.streams(), state.ids(), state.tables());
            faults.at(Step.AFTER_COMMIT);
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                writing.unlock();
            }
        }
    }
}
