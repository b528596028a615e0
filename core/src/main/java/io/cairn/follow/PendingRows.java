package io.cairn.follow;

import io.cairn.event.EventLog;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.RowOrder;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The rows as they will be once the pending changes are committed.
///
/// A follower that alone changes the rows may keep these from one batch to the next, so that a row that changes
/// again and again is read once.
final class PendingRows {
    private static final int KEPT_MAX = 50_000;

    private final EventLog log;
    private final Map<Place, Optional<Row>> known = new HashMap<>();
    private final List<Removed> removed = new ArrayList<>();
    private boolean all;

    private record Place(Tenant tenant, String table, RowKey key) {
        boolean in(Removed prefix) {
            return tenant.equals(prefix.tenant())
                    && table.equals(prefix.table())
                    && RowOrder.startsWith(key, prefix.prefix());
        }
    }

    private record Removed(Tenant tenant, String table, RowKey prefix) {}

    private PendingRows(EventLog log, boolean all) {
        this.log = log;
        this.all = all;
    }

    static PendingRows over(EventLog log) {
        return new PendingRows(log, false);
    }

    /// Pending rows over tables that are still empty, so that no row has to be looked for.
    static PendingRows overNothing(EventLog log) {
        return new PendingRows(log, true);
    }

    Rows of(Tenant tenant) {
        return (table, key) -> row(tenant, table, key);
    }

    private Optional<Row> row(Tenant tenant, Table table, RowKey key) {
        var place = new Place(tenant, table.name(), key);
        var found = known.get(place);
        if (found == null) {
            found = all || removed.stream().anyMatch(place::in)
                    ? Optional.empty()
                    : log.<Optional<Row>>read(tenant, view -> view.row(table, key));
            known.put(place, found);
        }
        return found;
    }

    /// @return the change with all of the row's values, so that it does not depend on what the row was before
    RowChange change(Tenant tenant, RowChange change) {
        return switch (change) {
            case RowChange.Put put -> {
                var row = put.keep().isEmpty()
                        ? put.row()
                        : row(tenant, put.table(), put.key()).map(put::over).orElse(put.row());
                known.put(new Place(tenant, put.table().name(), put.key()), Optional.of(row));
                yield new RowChange.Put(row);
            }
            case RowChange.Remove(var table, var prefix) -> {
                var gone = new Removed(tenant, table.name(), prefix);
                removed.add(gone);
                known.replaceAll((place, row) -> place.in(gone) ? Optional.empty() : row);
                yield change;
            }
        };
    }

    /// Says that all pending changes were committed.
    void committed() {
        removed.clear();
        if (known.size() > KEPT_MAX) {
            known.clear();
            all = false;
        }
    }
}
