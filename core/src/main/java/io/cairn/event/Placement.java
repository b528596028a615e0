package io.cairn.event;

import io.cairn.row.Assigned;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Places the units of one batch at the end of a partition, one after another, within one transaction.
final class Placement {
    private final WriteTransaction transaction;
    private final long recordedAt;
    private Head head;
    private boolean changed;
    private final Map<StreamKey, Long> written = new HashMap<>();

    Placement(WriteTransaction transaction, Head head, long recordedAt) {
        this.transaction = transaction;
        this.head = head;
        this.recordedAt = recordedAt;
    }

    /// Places units in a transaction of their own, all or none.
    ///
    /// @param now microseconds since 1970
    /// @return what became of them; if one was refused, nothing was written
    static List<Appended> all(LogStorage storage, int partition, List<Submission> units, long now) {
        try (var transaction = storage.write(partition, () -> ReadSet.of(units))) {
            var before = transaction.head(partition);
            var placement = new Placement(transaction, before, Math.max(now, before.recordedAt()));
            var outcomes = units.stream().map(placement::attempt).toList();
            if (placement.changed() && outcomes.stream().noneMatch(Placement::isRefusal)) {
                transaction.commit(placement.head());
            }
            return outcomes;
        }
    }

    private static boolean isRefusal(Appended outcome) {
        return switch (outcome) {
            case Appended.Written written -> false;
            case Appended.Duplicate duplicate -> false;
            case Appended.Conflict conflict -> true;
            case Appended.Unmet unmet -> true;
            case Appended.Refused refused -> true;
        };
    }

    Head head() {
        return head;
    }

    boolean changed() {
        return changed;
    }

    /// The versions that the streams have now in which something was placed.
    Map<StreamKey, Long> written() {
        return written;
    }

    /// Checks everything first, so that a refused unit leaves no trace.
    Appended attempt(Submission unit) {
        var refusal = refusal(unit);
        return refusal != null ? refusal : place(unit);
    }

    private @Nullable Appended refusal(Submission unit) {
        var recorded = recorded(unit);
        if (!recorded.isEmpty()) {
            long last = recorded.values().stream()
                    .mapToLong(Recorded::position)
                    .max()
                    .orElseThrow();
            return new Appended.Duplicate(recorded, new Position(head.epoch(), head.partition(), last));
        }
        for (var append : unit.appends()) {
            if (append.expected() instanceof Expected.Version) {
                long actual = transaction.version(append.tenant(), append.stream());
                if (!append.expected().holds(actual)) {
                    return new Appended.Conflict(append.stream(), actual);
                }
            }
        }
        for (var expectation : unit.expectations()) {
            var row = expectation.row();
            var found = transaction.row(expectation.tenant(), row.table(), row.key());
            if (!row.holds(found)) {
                return new Appended.Unmet(row, found);
            }
        }
        return null;
    }

    private Map<UUID, Recorded> recorded(Submission unit) {
        var recorded = new HashMap<UUID, Recorded>();
        for (var append : unit.appends()) {
            for (var prepared : append.events()) {
                transaction
                        .find(append.tenant(), prepared.event().eventId())
                        .ifPresent(found -> recorded.put(found.eventId(), found));
            }
        }
        return recorded;
    }

    private Appended place(Submission unit) {
        var versions = new HashMap<StreamKey, Long>();
        var rows = new Rows();
        unit.rows().forEach(change -> rows.add(change.tenant(), ordered(change.row())));
        for (var append : unit.appends()) {
            if (append.events().isEmpty()) {
                continue;
            }
            long version = versions.computeIfAbsent(
                    append.key(), stream -> transaction.version(append.tenant(), append.stream()));
            for (var prepared : append.events()) {
                var placed = place(prepared, ++version);
                prepared.changes().forEach(change -> rows.add(append.tenant(), resolved(change, placed)));
            }
            versions.put(append.key(), version);
        }
        rows.flush();
        changed = true;
        written.putAll(versions);
        return new Appended.Written(head.position(), unit.isOfOneTenant() ? byStream(versions) : Map.of());
    }

    private RowChange ordered(RowChange change) {
        return switch (change) {
            case RowChange.Put(var row, var keep) -> new RowChange.Put(row.resolve(this::order), keep);
            case RowChange.Remove remove -> remove;
        };
    }

    /// The head keeps the last number that was given.
    private Object order(Assigned assigned) {
        if (assigned != Assigned.ORDER) {
            throw new IllegalArgumentException("Only a row that follows from an event can have its " + assigned);
        }
        long next = Math.max(recordedAt, head.recordedAt() + 1);
        head = head.recordedAt(next);
        return next;
    }

    private static Map<StreamId, Long> byStream(Map<StreamKey, Long> versions) {
        var named = HashMap.<StreamId, Long>newHashMap(versions.size());
        versions.forEach((key, version) -> named.put(key.stream(), version));
        return named;
    }

    private StoredEvent place(Submission.Prepared prepared, long version) {
        long position = head.number() + 1;
        long recorded = prepared.recordedAt() == 0 ? recordedAt : prepared.recordedAt();
        long at = Math.max(recorded, head.recordedAt());
        var chain = Digests.chain(head.chain(), head.partition(), position, version, at, prepared.digest());
        var placed = prepared.event().placed(head.partition(), position, version, at, prepared.digest(), chain);
        transaction.insert(placed);
        head = head.next(placed);
        return placed;
    }

    static RowChange resolved(RowChange change, StoredEvent event) {
        return switch (change) {
            case RowChange.Put(var row, var keep) ->
                new RowChange.Put(row.resolve(assigned -> value(assigned, event)), keep);
            case RowChange.Remove remove -> remove;
        };
    }

    private static Object value(Assigned assigned, StoredEvent event) {
        return switch (assigned) {
            case VERSION -> event.version();
            case POSITION -> event.position();
            case RECORDED_AT -> event.recordedAt();
            case ORDER -> throw new IllegalArgumentException("A row that follows from an event has its position");
        };
    }

    /// Row changes of one unit; of changes that follow each other on one row only their sum is carried out.
    private final class Rows {
        private final Map<Key, RowChange.Put> pending = new LinkedHashMap<>();

        private record Key(Tenant tenant, Table table, RowKey key) {}

        void add(Tenant tenant, RowChange change) {
            switch (change) {
                case RowChange.Put put -> add(tenant, put);
                case RowChange.Remove remove -> {
                    flush();
                    transaction.change(tenant, remove);
                }
            }
        }

        private void add(Tenant tenant, RowChange.Put put) {
            var key = new Key(tenant, put.table(), put.key());
            var earlier = pending.get(key);
            if (earlier != null && !earlier.keep().equals(put.keep())) {
                flush();
                earlier = null;
            }
            pending.put(key, earlier == null ? put : new RowChange.Put(put.over(earlier.row()), put.keep()));
        }

        void flush() {
            pending.forEach((key, put) -> transaction.change(key.tenant(), put));
            pending.clear();
        }
    }
}
