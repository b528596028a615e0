package io.cairn.simulation;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.PartitionUnit;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.lease.Lease;
import io.cairn.lease.LeaseSteps;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;

/// Counts the events of each stream for all nodes together: whoever holds a partition's lease counts there.
///
/// The counts commit with the checkpoint they belong to and with the lease's token, so they are a fold of the log up to
/// there, and no owner that was replaced has written since: tokens never go back.
final class Tally implements Checker {
    static final String NAME = "tally";
    static final Table COUNTS = new Table(
            "tally", Table.Kind.DERIVED, List.of(Table.Column.text("stream")), List.of(Table.Column.number("events")));
    static final Table CHECKPOINTS = new Table(
            "tally_checkpoint",
            Table.Kind.DERIVED,
            List.of(Table.Column.number("partition")),
            List.of(Table.Column.number("position"), Table.Column.number("token")));
    private static final String NOTES = "noted-";
    private static final int BATCH = 2;

    private final World world;
    private final LogStorage store;
    private final Map<Integer, List<StoredEvent>> log = new HashMap<>();
    private final Map<Integer, Long> tokens = new HashMap<>();

    Tally(World world) {
        this.world = world;
        this.store = world.storage();
    }

    void take(StoredEvent event) {
        log.computeIfAbsent(event.partition(), none -> new ArrayList<>()).add(event);
    }

    /// Gives a sign of life and looks for what it may take, or counts a little where it believes that it may.
    void step(Node node) {
        if (world.chance().evens()) {
            LeaseSteps.step(node.leases());
            node.share().step();
        } else {
            count(node, world.chance().below(World.PARTITIONS));
        }
    }

    private void count(Node node, int partition) {
        node.share().lease(partition).ifPresent(lease -> count(node, lease));
    }

    private void count(Node node, Lease lease) {
        var before = checkpoint(lease.partition());
        long from = before.map(row -> row.number("position")).orElse(0L);
        var events = node.log().feed().after(lease.partition(), from, BATCH, Long.MAX_VALUE);
        if (!events.isEmpty()) {
            var unit = unit(lease, before, events);
            if (!(world.engine().commit(node.log().feed(), unit) instanceof Appended.Written)) {
                world.trace().note("was replaced in partition %d", lease.partition());
                node.share().doubt();
            }
        }
    }

    private PartitionUnit unit(Lease lease, Optional<Row> before, List<Event> events) {
        var key = CHECKPOINTS.key((long) lease.partition());
        var unmoved = new RowExpectation.Cell(
                CHECKPOINTS,
                key,
                "position",
                before.map(row -> row.cell("position")).orElse(null));
        var changes = new ArrayList<PartitionUnit.Change>();
        counted(events)
                .forEach((stream, count) -> changes.add(put(COUNTS.row(Map.of("stream", stream, "events", count)))));
        changes.add(put(CHECKPOINTS.row(Map.of(
                "partition", (long) lease.partition(),
                "position", events.getLast().position().number(),
                "token", lease.token()))));
        return new PartitionUnit(
                lease.partition(),
                notes(lease.partition(), events),
                List.of(lease.fence(), new PartitionUnit.Expectation(Tenant.CAIRN, unmoved)),
                changes);
    }

    /// One note for each event that is counted, in its tenant's own stream of notes.
    private static List<PartitionUnit.Append> notes(int partition, List<Event> events) {
        return events.stream()
                .filter(event -> !isNote(event.stream()))
                .map(event -> new PartitionUnit.Append(
                        new Context(event.tenant(), NAME, NAME),
                        new StreamAppend(
                                new StreamId(Things.STREAM, NOTES + partition), Expected.any(), List.of(note(event)))))
                .toList();
    }

    private static NewEvent note(Event event) {
        return new NewEvent(
                Ids.named(NAME, event.id().toString()),
                new EventType("tally.noted"),
                1,
                NAME,
                JsonNodeFactory.instance.objectNode(),
                event.recordedAt(),
                event.id());
    }

    /// Every event that was counted has its note, and no other has.
    private void checkNotes(int partition, long reached) {
        var events = log.getOrDefault(partition, List.of());
        long counted = events.stream()
                .filter(event -> event.position() <= reached && !isNote(event.stream()))
                .count();
        long noted = events.stream().filter(event -> isNote(event.stream())).count();
        if (counted != noted) {
            throw new Violation("Partition %d has %d notes of %d counted events", partition, noted, counted);
        }
    }

    private static boolean isNote(StreamId stream) {
        return stream.id().startsWith(NOTES);
    }

    /// What the counts are with these events.
    private Map<String, Long> counted(List<Event> events) {
        var counted = new HashMap<String, Long>();
        for (var event : events) {
            var stream = new StreamKey(event.tenant(), event.stream()).toString();
            counted.merge(stream, 1L, Long::sum);
        }
        counted.replaceAll((stream, more) -> more
                + row(COUNTS, COUNTS.key(stream))
                        .map(row -> row.number("events"))
                        .orElse(0L));
        return counted;
    }

    private static PartitionUnit.Change put(Row row) {
        return new PartitionUnit.Change(Tenant.CAIRN, new RowChange.Put(row));
    }

    private Optional<Row> checkpoint(int partition) {
        return row(CHECKPOINTS, CHECKPOINTS.key((long) partition));
    }

    private Optional<Row> row(Table table, RowKey key) {
        return store.read(snapshot -> snapshot.row(Tenant.CAIRN, table, key));
    }

    /// Lets a node do what it can, as time goes by.
    ///
    /// @return whether there is something left to count, for whichever node
    boolean comeToRest(Node node) {
        LeaseSteps.step(node.leases());
        node.share().step();
        boolean left = false;
        for (int partition = 0; partition < World.PARTITIONS; partition++) {
            count(node, partition);
            left |= reached(partition) < log.getOrDefault(partition, List.of()).size();
        }
        return left;
    }

    private long reached(int partition) {
        return checkpoint(partition).map(row -> row.number("position")).orElse(0L);
    }

    @Override
    public void check() {
        var fold = new HashMap<String, Long>();
        for (int partition = 0; partition < World.PARTITIONS; partition++) {
            long reached = reached(partition);
            log.getOrDefault(partition, List.of()).stream()
                    .filter(event -> event.position() <= reached)
                    .forEach(event ->
                            fold.merge(new StreamKey(event.tenant(), event.stream()).toString(), 1L, Long::sum));
            checkNotes(partition, reached);
            checkToken(partition);
        }
        var counts = new HashMap<String, Long>();
        store.read(snapshot -> snapshot.rows(Tenant.CAIRN, COUNTS, new RowKey(List.of()), null, Integer.MAX_VALUE))
                .forEach(row -> counts.put(row.text("stream"), row.number("events")));
        if (!counts.equals(fold)) {
            throw new Violation("The leased counts are %s, a fold up to their checkpoints %s", counts, fold);
        }
    }

    private void checkToken(int partition) {
        long token = checkpoint(partition).map(row -> row.number("token")).orElse(0L);
        var before = tokens.put(partition, token);
        if (before != null && before > token) {
            throw new Violation("In partition %d token %d wrote after token %d", partition, token, before);
        }
    }
}
