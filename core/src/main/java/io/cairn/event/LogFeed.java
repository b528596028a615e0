package io.cairn.event;

import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntToLongFunction;

/// The engine's side of a log: it reads whole partitions and writes for several tenants at once, so that followers,
/// leases and tasks can be built on it. No door and no use case sees it; they have [EventLog].
public final class LogFeed {
    private final LogStorage storage;
    private final Sealing sealing;
    private final Intake intake;
    private final Heads heads;

    LogFeed(LogStorage storage, Sealing sealing, Intake intake, Heads heads) {
        this.storage = storage;
        this.sealing = sealing;
        this.intake = intake;
        this.heads = heads;
    }

    /// Carries out what belongs to a partition rather than to one tenant, and waits until the outcome is known. It is
    /// tried once: who drives the engine goes on to something else and comes back.
    ///
    /// @throws StorageException if the store could not do it
    public Appended append(PartitionUnit unit) {
        return intake.appendOnce(unit);
    }

    /// Calls whoever waits for changes of a table's rows that this process commits.
    ///
    /// @param told in the writer's thread, so it only wakes somebody
    public void whenChanged(Table table, Runnable told) {
        intake.watch().add(table, told);
    }

    /// Does work while every partition is held still, and commits it. It holds all writers up, so it is over soon; it
    /// is not tried again, for it may have happened.
    public <T> T everywhere(Function<WriteTransaction, T> work) {
        try (var transaction = storage.writeAll()) {
            var result = work.apply(transaction);
            transaction.commit(transaction.head(0));
            return result;
        }
    }

    /// Reads rows of any tenant, as of one moment.
    public <T> T read(Function<ReadSnapshot, T> work) {
        return storage.read(work);
    }

    /// The tenants that have rows in a table.
    public List<Tenant> tenants(Table table) {
        return storage.read(snapshot -> snapshot.tenants(table));
    }

    /// Events of every tenant in one partition, in order.
    ///
    /// @throws UnreadableException if one of them is missing, as where a database is damaged
    public List<Event> after(int partition, long position, int limit, long bytesMax) {
        return storage.read(snapshot -> new SnapshotEvents(snapshot, sealing, storage.epoch())
                .open(StoredEvent.unbrokenPositions(snapshot.after(partition, position, limit, bytesMax), position)));
    }

    /// The heads of all partitions, in the partitions' order.
    public List<Head> heads() {
        return heads.all();
    }

    /// Waits until any partition has events past what was reached in it, or for the given time.
    ///
    /// @return whether one has
    public boolean awaitPast(IntToLongFunction reached, Duration timeMax) throws InterruptedException {
        return heads.awaitPast(reached, timeMax);
    }

    /// Ends every wait for new events, so that those who wait look around.
    public void nudge() {
        heads.nudge();
    }
}
