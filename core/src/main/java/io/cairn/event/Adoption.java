package io.cairn.event;

import io.cairn.row.Row;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/// Takes events of another log as they are: sealed, with their versions, their digests and the times of their
/// recording. For archives and copies; nothing is judged, since it was when it was first written.
public final class Adoption {
    private final LogStorage storage;
    private final Preparation preparation;
    private final PartitionWriters writers;
    private final Intake intake;
    private final Heads heads;
    private final SubjectKeys keys;
    private final Ids ids;

    Adoption(
            LogStorage storage,
            Preparation preparation,
            PartitionWriters writers,
            Intake intake,
            Heads heads,
            SubjectKeys keys,
            Ids ids) {
        this.storage = storage;
        this.preparation = preparation;
        this.writers = writers;
        this.intake = intake;
        this.heads = heads;
        this.keys = keys;
        this.ids = ids;
    }

    /// Leaves an event to its partition's writer.
    ///
    /// @return the outcome, later; the same event again is a duplicate
    public CompletableFuture<Appended> adopt(StoredEvent stored) {
        return writers.offer(preparation.adopted(List.of(stored)).getFirst());
    }

    /// Waits for the outcome of [#adopt].
    public Appended await(CompletableFuture<Appended> outcome) {
        return writers.await(outcome);
    }

    /// Places events without the log's writers, for a log that nobody else writes to: those of each partition in one
    /// transaction, all or none.
    ///
    /// @return what became of the events of each partition
    public List<List<Appended>> place(List<StoredEvent> events) {
        var shares = preparation.adopted(events).stream().collect(Collectors.groupingBy(Submission::partition));
        return shares.entrySet().stream()
                .map(share -> Placement.all(storage, share.getKey(), share.getValue(), ids.micros()))
                .toList();
    }

    /// Places a unit of work of the log's own without its writers.
    ///
    /// @param recordedAt when its events shall count as recorded, in microseconds since 1970; 0 for now
    public void place(Unit unit, long recordedAt) {
        var prepared = intake.prepared(unit).recordedAt(recordedAt);
        Placement.all(storage, prepared.partition(), List.of(prepared), ids.micros());
    }

    /// Whether a wrapped key of another log was wrapped by this log's master key.
    public boolean opens(Tenant tenant, Row key) {
        return keys.opens(tenant, key);
    }

    /// Everything was placed: the log looks anew for its heads, however fresh they are.
    public void finished() {
        heads.doubt();
    }
}
