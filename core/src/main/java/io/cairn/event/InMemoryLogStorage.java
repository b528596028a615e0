package io.cairn.event;

import io.cairn.row.Table;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

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

    private final String epoch;
    private final Faults faults;
    private final List<ReentrantLock> writing;
    private final ReentrantLock committing = new ReentrantLock();
    private volatile MemoryState committed;
    private volatile Predicate<StoredEvent> refused = event -> false;
    private volatile boolean shared;

    /// @param epoch the name of the log
    public InMemoryLogStorage(String epoch, List<Table> tables, int partitions, Faults faults) {
        this.epoch = epoch;
        this.faults = faults;
        this.writing = Stream.generate(ReentrantLock::new).limit(partitions).toList();
        this.committed = MemoryState.empty(epoch, tables, partitions);
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

    void requireTaken(StoredEvent event) {
        if (refused.test(event)) {
            throw new StorageException(
                    StorageException.Kind.BROKEN, "This event is refused", new IllegalArgumentException());
        }
    }

    Faults faults() {
        return faults;
    }

    MemoryState committed() {
        return committed;
    }

    /// Commits, one transaction after another.
    void replace(UnaryOperator<MemoryState> change) {
        committing.lock();
        try {
            committed = change.apply(committed);
        } finally {
            committing.unlock();
        }
    }

    /// Does something while nobody else writes to a partition.
    void holding(int partition, Runnable work) {
        var lock = writing.get(partition);
        refuseIfOwn(List.of(lock));
        lock.lock();
        try {
            work.run();
        } finally {
            lock.unlock();
        }
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
        return writing(writing.subList(partition, partition + 1), partition);
    }

    /// Nothing is saved, but whoever presumes a head is found out as on a store far away.
    @Override
    public boolean presumes() {
        return true;
    }

    @Override
    public WriteTransaction writeFrom(Head presumed) {
        faults.at(Step.BEGIN);
        return new MemoryPresumption(this, presumed);
    }

    /// Holds every partition, so that nothing else is committed meanwhile.
    @Override
    public WriteTransaction writeAll() {
        return writing(writing, 0);
    }

    private WriteTransaction writing(List<ReentrantLock> locks, int partition) {
        begin(locks);
        return new MemoryTransaction(this, partition, () -> locks.reversed().forEach(ReentrantLock::unlock));
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
        return work.apply(new MemorySnapshot(committed));
    }

    @Override
    public void close() {
        // nothing is held
    }
}
