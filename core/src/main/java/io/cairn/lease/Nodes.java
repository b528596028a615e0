package io.cairn.lease;

import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.event.EventLog;
import io.cairn.event.PartitionUnit;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/// Which nodes are alive, as seen from this one.
///
/// A node shows that it is alive by counting up a number, its beat. No clock of another machine is trusted: a node
/// is silent when this node has read the same beat twice, far enough apart by its own monotonic clock. Silence is a
/// guess. A wrong guess does no harm, because of the fence.
final class Nodes {
    static final Table TABLE = new Table(
            "cluster_node", Table.Kind.DERIVED, List.of(text("node")), List.of(number("beat"), text("competes_for")));

    /// All signs of life are in one partition, whatever the leases are for.
    private static final int PARTITION = 0;

    /// A node's row is removed after it was silent for so many lease times.
    private static final int FORGOTTEN_AFTER = 12;

    private final EventLog log;
    private final String self;
    private final Duration time;
    private final LongSupplier nanos;
    private final Map<String, Seen> seen = new HashMap<>();
    private final Set<String> competing = new TreeSet<>();
    private long beat;
    private long acknowledged;
    private long acknowledgedAt;

    /// What was last read of a node.
    ///
    /// @param beat 0 if the node has left no sign
    /// @param since the end of the reading that found this beat first
    /// @param until the beginning of the last reading that found it
    private record Seen(long beat, Set<String> competesFor, long since, long until) {
        Seen again(Seen now, long before) {
            return new Seen(beat, now.competesFor(), since, before);
        }

        Duration silence() {
            return Duration.ofNanos(Math.max(0, until - since));
        }
    }

    Nodes(EventLog log, String self, Duration time, LongSupplier nanos) {
        this.log = log;
        this.self = self;
        this.time = time;
        this.nanos = nanos;
    }

    synchronized void compete(String name) {
        competing.add(name);
    }

    /// Gives a sign of life, and looks for those of the others.
    synchronized void step() {
        long before = nanos.getAsLong();
        long number = ++beat;
        log.feed().append(new PartitionUnit(PARTITION, List.of(), List.of(sign(number))));
        acknowledged = number;
        acknowledgedAt = before;
        look();
    }

    private PartitionUnit.Change sign(long number) {
        return new PartitionUnit.Change(
                Tenant.CAIRN,
                new RowChange.Put(
                        TABLE.row(Map.of("node", self, "beat", number, "competes_for", String.join("\n", competing)))));
    }

    private void look() {
        long before = nanos.getAsLong();
        var rows = log.<List<Row>>read(
                Tenant.CAIRN, view -> view.rows(TABLE, new RowKey(List.of()), null, Integer.MAX_VALUE));
        long after = nanos.getAsLong();
        var signless = new HashSet<>(seen.keySet());
        for (var row : rows) {
            signless.remove(row.text("node"));
            note(row.text("node"), new Seen(row.number("beat"), names(row), after, after), before);
        }
        signless.forEach(node -> note(node, new Seen(0, Set.of(), after, after), before));
        forget();
    }

    private static Set<String> names(Row row) {
        return Set.copyOf(Arrays.asList(row.text("competes_for").split("\n", -1)));
    }

    private void note(String node, Seen now, long before) {
        seen.merge(node, now, (old, fresh) -> old.beat() == fresh.beat() ? old.again(fresh, before) : fresh);
    }

    private void forget() {
        var forgotten = seen.entrySet().stream()
                .filter(node -> node.getValue().silence().compareTo(time.multipliedBy(FORGOTTEN_AFTER)) >= 0)
                .filter(node -> !node.getKey().equals(self))
                .toList();
        for (var node : forgotten) {
            if (node.getValue().beat() == 0) {
                seen.remove(node.getKey());
            } else {
                remove(node.getKey(), node.getValue().beat());
            }
        }
    }

    private void remove(String node, long unmoved) {
        var key = TABLE.key(node);
        log.feed()
                .append(new PartitionUnit(
                        PARTITION,
                        List.of(new PartitionUnit.Expectation(
                                Tenant.CAIRN, new RowExpectation.Cell(TABLE, key, "beat", unmoved))),
                        List.of(new PartitionUnit.Change(Tenant.CAIRN, new RowChange.Remove(TABLE, key)))));
    }

    /// Whether others can know that this node is alive.
    synchronized boolean alive() {
        return acknowledged > 0
                && Duration.ofNanos(nanos.getAsLong() - acknowledgedAt).compareTo(time) < 0;
    }

    /// Whether a node has been silent for so long that another may take its place.
    synchronized boolean silent(String node) {
        long now = nanos.getAsLong();
        return seen.computeIfAbsent(node, signless -> new Seen(0, Set.of(), now, now))
                        .silence()
                        .compareTo(time)
                >= 0;
    }

    /// The nodes that are alive and compete for a thing, this one among them, in the order of their names.
    synchronized List<String> competitors(String name) {
        return Stream.concat(
                        Stream.of(self),
                        seen.entrySet().stream()
                                .filter(node -> !node.getKey().equals(self))
                                .filter(node -> node.getValue().competesFor().contains(name))
                                .filter(node -> node.getValue().silence().compareTo(time) < 0)
                                .map(Map.Entry::getKey))
                .sorted()
                .toList();
    }

    /// Takes this node's sign of life away.
    synchronized void leave() {
        if (acknowledged > 0) {
            remove(self, acknowledged);
        }
    }
}
