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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A log in memory that shows the same hazards as a database: readers see a snapshot, a writer sees its own writes and
/// nothing that others commit meanwhile, a commit can fail before or after it took effect.
///
/// Committed state is immutable and replaced as a whole, which is what makes a snapshot. Partitions are written at the
/// same time: a commit puts its events and row changes on top of what the others have committed, which is sound since a
/// tenant's rows are written through one partition only.
public final class InMemoryLogStorage implements LogStorage {
    /// A moment at which a fault may strike.
    public enum Step {
        READ,
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

    private record FullKey(Tenant tenant, RowKey key) {}

    private record Change(Tenant tenant, RowChange change) {}

    /// One partition.
    private record Part(
            Head head,
            List<StoredEvent> events,
            Map<StreamKey, List<StoredEvent>> streams,
            Map<EventKey, StoredEvent> ids) {
        Part copy() {
            return new Part(head, new ArrayList<>(events), new HashMap<>(streams), new HashMap<>(ids));
        }

        Part at(Head to) {
            return new Part(to, events, streams, ids);
        }
    }

    private record State(List<Part> parts, Map<String, TreeMap<FullKey, Row>> tables) {
        State {
            parts = List.copyOf(parts);
        }

        State with(Part part) {
            var changed = new ArrayList<>(parts);
            changed.set(part.head().partition(), part);
            return new State(changed, tables);
        }
    }

    private static final Comparator<FullKey> ORDER =
            Comparator.comparing((FullKey key) -> key.tenant().id()).thenComparing(FullKey::key, RowOrder.KEYS);

    private final String epoch;
    private final Faults faults;
    private final List<ReentrantLock> writing;
    private final ReentrantLock committing = new ReentrantLock();
    private volatile State committed;
    private volatile Predicate<StoredEvent> refused = event -> false;
    private volatile boolean shared;

    /// @param epoch the name of the log
    public InMemoryLogStorage(String epoch, List<Table> tables, int partitions, Faults faults) {
        this.epoch = epoch;
        this.faults = faults;
        this.writing = Stream.generate(ReentrantLock::new).limit(partitions).toList();
        var empty = new HashMap<String, TreeMap<FullKey, Row>>();
        tables.forEach(table -> empty.put(table.name(), new TreeMap<>(ORDER)));
        committed = new State(
                IntStream.range(0, partitions)
                        .mapToObj(p -> new Part(Head.genesis(epoch, p), List.of(), Map.of(), Map.of()))
                        .toList(),
                Map.copyOf(empty));
    }

    /// The same store, with faults.
    public static InMemoryLogStorage failing(List<Table> tables, Faults faults) {
        return failing(tables, 1, faults);
    }

    public static InMemoryLogStorage failing(List<Table> tables, int partitions, Faults faults) {
        return new InMemoryLogStorage("memory", tables, partitions, faults);
    }

    /// Says that others may append too, so that several logs may stand on this store as several nodes do.
    public InMemoryLogStorage sharedByNodes() {
        shared = true;
        return this;
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
        return writing.size();
    }

    @Override
    public boolean shared() {
        return shared;
    }

    @Override
    public WriteTransaction write(int partition, Supplier<ReadSet> foreseen) {
        begin(writing.subList(partition, partition + 1));
        return new Writing(committed, partition);
    }

    /// Nothing is saved, but whoever presumes a head is found out as on a store far away.
    @Override
    public boolean presumes() {
        return true;
    }

    @Override
    public WriteTransaction writeFrom(Head presumed) {
        faults.at(Step.BEGIN);
        return new WritingFrom(committed, presumed);
    }

    @Override
    public WriteTransaction writeAll() {
        begin(writing);
        return new WritingAll(committed);
    }

    private void begin(List<ReentrantLock> locks) {
        refuseIfOwn(locks);
        locks.forEach(ReentrantLock::lock);
        try {
            faults.at(Step.BEGIN);
        } catch (RuntimeException | Error e) {
            locks.reversed().forEach(ReentrantLock::unlock);
            throw e;
        }
    }

    /// A thread that already writes to a partition would wait for itself for ever; a database ends such a wait.
    private static void refuseIfOwn(List<ReentrantLock> locks) {
        if (locks.stream().anyMatch(ReentrantLock::isHeldByCurrentThread)) {
            throw new StorageException(
                    StorageException.Kind.BUSY,
                    "Another transaction of this thread writes to the partition",
                    new IllegalStateException());
        }
    }

    @Override
    public <T> T read(Function<ReadSnapshot, T> work) {
        faults.at(Step.READ);
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
            return state.parts().get(partition).head();
        }

        @Override
        public List<Head> heads() {
            return state.parts().stream().map(Part::head).toList();
        }

        @Override
        public Optional<Recorded> find(Tenant tenant, UUID eventId) {
            return state.parts().stream()
                    .flatMap(part -> Stream.ofNullable(part.ids().get(new EventKey(tenant, eventId))))
                    .findFirst()
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
            var events = state.parts().get(partition).events();
            var taken = new ArrayList<StoredEvent>();
            long bytes = 0;
            for (int i = (int) position; i < events.size() && taken.size() < limit && bytes <= bytesMax; i++) {
                taken.add(events.get(i));
                bytes += events.get(i).payload().length;
            }
            return taken;
        }

        @Override
        public List<StoredEvent> after(Tenant tenant, int partition, long position, int limit) {
            return state.parts().get(partition).events().stream()
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
            return matching(table(table), tenant, prefix, from, after == null)
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
        public Map<String, Long> counts(Table table) {
            return table(table).keySet().stream()
                    .collect(Collectors.groupingBy(
                            key -> (String) key.key().parts().getFirst(), Collectors.counting()));
        }

        @Override
        public long count(Tenant tenant, Table table, RowKey prefix) {
            return matching(table(table), tenant, prefix, new FullKey(tenant, prefix), true)
                    .count();
        }

        TreeMap<FullKey, Row> table(Table table) {
            return tableOf(state.tables(), table);
        }

        private List<StoredEvent> events(Tenant tenant, StreamId stream) {
            return state.parts().stream()
                    .flatMap(part -> Stream.ofNullable(part.streams().get(new StreamKey(tenant, stream))))
                    .findFirst()
                    .orElse(List.of());
        }
    }

    private static TreeMap<FullKey, Row> tableOf(Map<String, TreeMap<FullKey, Row>> tables, Table table) {
        var rows = tables.get(table.name());
        if (rows == null) {
            throw new IllegalArgumentException("This store was made without table " + table.name());
        }
        return rows;
    }

    private static Stream<Map.Entry<FullKey, Row>> matching(
            TreeMap<FullKey, Row> rows, Tenant tenant, RowKey prefix, FullKey from, boolean inclusive) {
        return rows.tailMap(from, inclusive).entrySet().stream()
                .takeWhile(entry -> entry.getKey().tenant().equals(tenant)
                        && RowOrder.startsWith(entry.getKey().key(), prefix));
    }

    private static void carryOut(Map<String, TreeMap<FullKey, Row>> tables, Change made) {
        var tenant = made.tenant();
        var rows = tableOf(tables, made.change().table());
        switch (made.change()) {
            case RowChange.Put put ->
                rows.merge(new FullKey(tenant, put.key()), put.row(), (existing, row) -> put.over(existing));
            case RowChange.Remove(var table, var key) ->
                matching(rows, tenant, key, new FullKey(tenant, key), true)
                        .map(Map.Entry::getKey)
                        .toList()
                        .forEach(rows::remove);
        }
    }

    /// Holds every partition, so that nothing else is committed meanwhile.
    private final class WritingAll extends Writing {
        WritingAll(State committed) {
            super(committed, 0);
        }

        @Override
        void unlock() {
            writing.reversed().forEach(ReentrantLock::unlock);
        }
    }

    /// Holds its partition only while it commits.
    private final class WritingFrom extends Writing {
        private final Head presumed;

        WritingFrom(State committed, Head presumed) {
            super(committed, presumed.partition());
            this.presumed = presumed;
        }

        @Override
        public Head head(int partition) {
            return partition == presumed.partition() ? presumed : super.head(partition);
        }

        @Override
        public void insert(StoredEvent event) {
            if (super.find(event.tenant(), event.eventId()).isPresent()) {
                throw new OvertakenException("Event %s is there already".formatted(event.eventId()));
            }
            super.insert(event);
        }

        @Override
        public void commit(Head head) {
            var lock = writing.get(presumed.partition());
            refuseIfOwn(List.of(lock));
            lock.lock();
            try {
                requirePresumed(before);
                requirePresumed(committed);
                super.commit(head);
            } finally {
                lock.unlock();
            }
        }

        private void requirePresumed(State found) {
            var actual = found.parts().get(presumed.partition()).head();
            if (!actual.isSame(presumed)) {
                throw new OvertakenException("The head is %s, not %s".formatted(actual, presumed));
            }
        }

        @Override
        void unlock() {
            // nothing is held
        }
    }

    private class Writing extends Snapshot implements WriteTransaction {
        private final int partition;
        final State before;
        private final List<Change> changes = new ArrayList<>();
        private final Set<String> changed = new HashSet<>();
        private final Set<String> replaced = new HashSet<>();
        private boolean open = true;

        Writing(State committed, int partition) {
            super(new State(committed.parts(), new HashMap<>(committed.tables()))
                    .with(committed.parts().get(partition).copy()));
            this.before = committed;
            this.partition = partition;
        }

        @Override
        public void insert(StoredEvent event) {
            faults.at(Step.INSERT);
            if (refused.test(event)) {
                throw new StorageException(
                        StorageException.Kind.BROKEN, "This event is refused", new IllegalArgumentException());
            }
            var part = state.parts().get(partition);
            part.events().add(event);
            part.ids().put(new EventKey(event.tenant(), event.eventId()), event);
            part.streams()
                    .merge(
                            new StreamKey(event.tenant(), event.stream()),
                            List.of(event),
                            (old, next) ->
                                    Stream.concat(old.stream(), next.stream()).toList());
        }

        @Override
        public void change(Tenant tenant, RowChange change) {
            faults.at(Step.CHANGE);
            var made = new Change(tenant, change);
            own(state.tables(), change.table());
            carryOut(state.tables(), made);
            changes.add(made);
        }

        private void own(Map<String, TreeMap<FullKey, Row>> tables, Table table) {
            if (changed.add(table.name())) {
                tables.put(table.name(), new TreeMap<>(table(table)));
            }
        }

        @Override
        public void makeAside(List<Table> tables) {
            faults.at(Step.CHANGE);
            tables.forEach(table -> put(table.aside().name(), new TreeMap<>(ORDER)));
        }

        @Override
        public void make(Table table) {
            faults.at(Step.CHANGE);
            if (state.tables().containsKey(table.name())) {
                throw new StorageException(
                        StorageException.Kind.BROKEN,
                        "There is a table %s already".formatted(table.name()),
                        new IllegalStateException());
            }
            put(table.name(), new TreeMap<>(ORDER));
        }

        @Override
        public void drop(Table table) {
            faults.at(Step.CHANGE);
            state.tables().remove(table.name());
        }

        @Override
        public void rename(Table table, Table as) {
            faults.at(Step.CHANGE);
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
            faults.at(Step.BEFORE_COMMIT);
            committing.lock();
            try {
                var part = state.parts().get(partition).at(head);
                var tables = committed.tables() == before.tables() ? state.tables() : merged(committed.tables());
                committed = new State(committed.parts(), tables).with(part);
            } finally {
                committing.unlock();
            }
            faults.at(Step.AFTER_COMMIT);
        }

        /// This transaction's row changes on top of what others have committed since it began.
        private Map<String, TreeMap<FullKey, Row>> merged(Map<String, TreeMap<FullKey, Row>> latest) {
            var tables = new HashMap<>(latest);
            replaced.forEach(name -> tables.put(name, new TreeMap<>(ORDER)));
            changed.forEach(name -> tables.computeIfPresent(name, (same, rows) -> new TreeMap<>(rows)));
            changes.forEach(made -> carryOut(tables, made));
            return tables;
        }

        @Override
        public void close() {
            if (open) {
                open = false;
                unlock();
            }
        }

        void unlock() {
            writing.get(partition).unlock();
        }
    }
}
