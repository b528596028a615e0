package io.cairn.simulation;

import io.cairn.event.LogStorage;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.StoredEvent;
import io.cairn.feature.Orders;
import io.cairn.follow.Checkpoint;
import io.cairn.follow.ParkedKeys;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// A feature that only the one list of features knows keeps what it promises: its read model is never behind the log,
/// and the state that its reaction makes is what follows from the log up to where the reaction has come.
final class OrdersEqualFold implements Checker {
    /// Reactions have no other.
    private static final int GENERATION = 1;

    private final LogStorage store;
    private final List<StoredEvent> placed = new ArrayList<>();
    private final Map<Integer, Long> ends = new HashMap<>();

    OrdersEqualFold(World world) {
        this.store = world.storage();
    }

    void take(StoredEvent event) {
        ends.put(event.partition(), event.position());
        if (event.type().equals(Orders.PLACED)) {
            placed.add(event);
        }
    }

    @Override
    public void check() {
        store.read(snapshot -> {
            requireEqual(
                    "known",
                    rows(snapshot, Orders.KNOWN).keySet(),
                    fold(event -> true).keySet());
            requireEqual("waiting", rows(snapshot, Orders.WAITING), fold(event -> isDone(snapshot, event)));
            return true;
        });
    }

    private static void requireEqual(String what, Object found, Object fold) {
        if (!found.equals(fold)) {
            throw new Violation("The orders that are %s are %s, by a fold of the log %s", what, found, fold);
        }
    }

    /// The last version of each order, as its row tells it.
    private static Map<StreamKey, Long> rows(ReadSnapshot snapshot, Table table) {
        var rows = new HashMap<StreamKey, Long>();
        for (var tenant : World.TENANTS) {
            snapshot.rows(tenant, table, new RowKey(List.of()), null, Integer.MAX_VALUE)
                    .forEach(row -> rows.put(
                            StreamKey.ofId(tenant, row.text("order")),
                            row.number(table.values().getFirst().name())));
        }
        return rows;
    }

    /// The last version of each order, of those events that count.
    private Map<StreamKey, Long> fold(Predicate<StoredEvent> counts) {
        var fold = new HashMap<StreamKey, Long>();
        placed.stream()
                .filter(counts)
                .forEach(event -> fold.put(new StreamKey(event.tenant(), event.stream()), event.version()));
        return fold;
    }

    /// Whether the reaction has come by an event, and not put it aside.
    private static boolean isDone(ReadSnapshot snapshot, StoredEvent event) {
        return event.position() <= reached(snapshot, event.partition()) && event.version() < parked(snapshot, event);
    }

    private static long reached(ReadSnapshot snapshot, int partition) {
        return Checkpoint.read(snapshot, Orders.REACTION, GENERATION, partition).position();
    }

    /// From which version on the event's stream waits.
    private static long parked(ReadSnapshot snapshot, StoredEvent event) {
        var table = ParkedKeys.OF_REACTIONS;
        var key = table.key(Orders.REACTION, (long) GENERATION, event.stream().toString());
        return snapshot.row(event.tenant(), table, key)
                .map(row -> row.number("version"))
                .orElse(Long.MAX_VALUE);
    }

    /// Whether the reaction has something left to do, on whichever node.
    boolean left() {
        return store.read(snapshot ->
                ends.entrySet().stream().anyMatch(end -> reached(snapshot, end.getKey()) < end.getValue())
                        || placed.stream().anyMatch(event -> !isDone(snapshot, event)));
    }
}
