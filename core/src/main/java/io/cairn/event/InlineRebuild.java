package io.cairn.event;

import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;

/// Builds the tables of one inline projection anew beside those in use, and puts them in their place.
///
/// The shadow tables follow the log while others append. When little is left, one transaction takes the heads
/// of all partitions, applies the rest, and replaces the tables; so no event is between the old tables and
/// the new. A crash anywhere before leaves the old ones in use, and the shadow tables are dropped by the next
/// rebuild.
///
/// Several nodes may begin the same rebuild. The last to begin makes the shadow tables anew, under the heads of all
/// partitions, so that nobody is in the midst of a batch then; the others find that the tables are not theirs any
/// more, and give up.
final class InlineRebuild {
    private static final int BATCH = 500;
    private static final long BATCH_BYTES = 4 << 20;

    /// So many events may be left for the last transaction, which holds all writers up.
    private static final long LEFT_MAX = 500;

    /// Where writers are faster than the rebuild, it does not run after them for ever.
    private static final int RUNS_MAX = 100;

    private final LogStorage storage;
    private final Sealing sealing;
    private final InlineProjection projection;
    private final Map<String, Table> aside;
    private final BuilderMark mark;
    private final long[] reached;
    private int runs;

    /// @param builder of this one rebuild
    InlineRebuild(LogStorage storage, Sealing sealing, InlineProjection projection, UUID builder) {
        this.storage = storage;
        this.sealing = sealing;
        this.projection = projection;
        this.aside = projection.tables().stream().collect(Collectors.toMap(Table::name, Table::aside));
        this.mark = new BuilderMark(
                projection.name(), projection.tables().getFirst().aside(), builder);
        this.reached = new long[storage.partitions()];
        projection.tables().stream()
                .filter(table -> table.kind() != Table.Kind.DERIVED)
                .forEach(table -> {
                    throw new IllegalArgumentException(
                            "Table %s is no projection and is not rebuilt".formatted(table.name()));
                });
    }

    void begin() {
        try (var transaction = storage.writeAll()) {
            transaction.makeAside(projection.tables());
            mark.put(transaction);
            transaction.commit(transaction.head(0));
        }
    }

    /// Applies one batch of each partition beside.
    ///
    /// @return how many events are left
    long step() {
        for (int partition = 0; partition < reached.length; partition++) {
            step(partition);
        }
        runs++;
        return left();
    }

    /// Whether little enough is left, or will never be.
    boolean ready(long left) {
        return left <= LEFT_MAX || runs >= RUNS_MAX && left <= (long) BATCH * reached.length;
    }

    /// Events that it has applied.
    long done() {
        long done = 0;
        for (long partition : reached) {
            done += partition;
        }
        return done;
    }

    /// Applies what is left, and puts the new tables in the place of the old.
    void finish() {
        try (var transaction = storage.writeAll()) {
            mark.require(transaction);
            for (int partition = 0; partition < reached.length; partition++) {
                while (apply(partition, read(partition, transaction), transaction)) {
                    // until the partition's end, which does not move now
                }
            }
            mark.remove(transaction);
            transaction.takeAside(projection.tables());
            transaction.commit(transaction.head(0));
        }
    }

    private record Applied(Tenant tenant, RowChange change) {}

    /// @param to the position reached with the changes
    private record Batch(List<Applied> changes, long to) {}

    private long left() {
        return storage.<List<Head>>read(ReadSnapshot::heads).stream()
                .mapToLong(head -> Math.max(0, head.number() - reached[head.partition()]))
                .sum();
    }

    private void step(int partition) {
        var batch = storage.<Batch>read(snapshot -> read(partition, snapshot));
        if (batch.to() > reached[partition]) {
            try (var transaction = storage.write(partition)) {
                mark.require(transaction);
                apply(partition, batch, transaction);
                transaction.commit(transaction.head(partition));
            }
        }
    }

    private Batch read(int partition, ReadSnapshot snapshot) {
        var events = snapshot.after(partition, reached[partition], BATCH, BATCH_BYTES);
        sealing.keys().prepare(snapshot, events);
        var opening = new SnapshotEvents(snapshot, sealing, storage.epoch());
        return new Batch(
                events.stream()
                        .flatMap(event -> changes(event, opening).stream())
                        .toList(),
                events.isEmpty() ? reached[partition] : events.getLast().position());
    }

    private boolean apply(int partition, Batch batch, WriteTransaction transaction) {
        batch.changes().forEach(applied -> transaction.change(applied.tenant(), applied.change()));
        boolean moved = batch.to() > reached[partition];
        reached[partition] = batch.to();
        return moved;
    }

    private List<Applied> changes(StoredEvent stored, SnapshotEvents opening) {
        return changesOf(projection, opening.open(stored)).stream()
                .map(change -> Placement.resolved(change, stored))
                .map(change -> new Applied(stored.tenant(), change.in(beside(change))))
                .toList();
    }

    /// What an event that is in a log already means to an inline projection.
    static List<RowChange> changesOf(InlineProjection projection, Event event) {
        return switch (event.payload()) {
            case Payload.Open(var json) -> projection.changes(event.tenant(), event.stream(), event.asNew(json));
            case Payload.Forgotten forgotten ->
                projection.changesOfForgotten(event.tenant(), event.stream(), event.type());
            case Payload.Unreadable(var reason) -> changesOfUnreadable(projection, event, reason);
        };
    }

    /// An event about which a projection has nothing to say is none of its concern, readable or not.
    private static List<RowChange> changesOfUnreadable(InlineProjection projection, Event event, String reason) {
        if (!projection
                .changesOfForgotten(event.tenant(), event.stream(), event.type())
                .isEmpty()) {
            throw new UnreadableException(reason);
        }
        return List.of();
    }

    private Table beside(RowChange change) {
        var table = aside.get(change.table().name());
        if (table == null) {
            throw new IllegalStateException("Projection %s changes table %s, which is not among its own"
                    .formatted(projection.name(), change.table().name()));
        }
        return table;
    }
}
