package io.cairn.archive;

import io.cairn.event.EventLog;
import io.cairn.event.LogStorage;
import io.cairn.event.ReadSnapshot;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Carries the rows beside the events that are truth themselves, such as keys and blobs; what is there already
/// is left as it is.
final class StateCopy {
    /// A part of a blob has up to 256 KB.
    static final int PAGE = 64;

    private static final RowKey ALL = new RowKey(List.of());

    private final LogStorage source;
    private final LogStorage target;
    private final EventLog log;
    private final List<Table> tables;
    private long seen;

    StateCopy(LogStorage source, LogStorage target, EventLog log, List<Table> tables) {
        this.source = source;
        this.target = target;
        this.log = log;
        this.tables = tables;
    }

    /// @param progress is told the number of rows that are there
    /// @return how many rows the source has
    long run(LongConsumer progress) {
        for (var table : tables) {
            for (var tenant : source.read(snapshot -> snapshot.tenants(table))) {
                copy(tenant, table, progress);
            }
        }
        return seen;
    }

    private void copy(Tenant tenant, Table table, LongConsumer progress) {
        @Nullable RowKey after = null;
        List<Row> rows;
        do {
            rows = page(source, tenant, table, after);
            put(tenant, table, rows);
            seen += rows.size();
            progress.accept(seen);
            after = rows.isEmpty() ? after : rows.getLast().key();
        } while (rows.size() == PAGE);
    }

    private void put(Tenant tenant, Table table, List<Row> rows) {
        int partition = log.partition(tenant);
        try (var transaction = target.write(partition)) {
            var missing = rows.stream()
                    .filter(row -> transaction.row(tenant, table, row.key()).isEmpty())
                    .toList();
            missing.forEach(row -> transaction.change(tenant, new RowChange.Put(row)));
            if (!missing.isEmpty()) {
                transaction.commit(transaction.head(partition));
            }
        }
    }

    /// The tables whose rows are truth themselves, in the order of their names.
    static List<Table> carried(List<Table> tables) {
        return tables.stream()
                .filter(table -> table.kind() != Table.Kind.DERIVED)
                .sorted(Comparator.comparing(Table::name))
                .toList();
    }

    static List<Row> page(LogStorage storage, Tenant tenant, Table table, @Nullable RowKey after) {
        return storage.read(snapshot -> snapshot.rows(tenant, table, ALL, after, PAGE));
    }

    static long count(ReadSnapshot snapshot, List<Table> tables) {
        return tables.stream()
                .mapToLong(table -> snapshot.tenants(table).stream()
                        .mapToLong(tenant -> snapshot.count(tenant, table, ALL))
                        .sum())
                .sum();
    }
}
