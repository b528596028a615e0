package io.cairn.archive;

import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Head;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.Position;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The whole log and the state beside it as lines of JSON: a header, the state, the events, an end.
///
/// Everything stays sealed, keys wrapped: the lines can be read only where the same master key is. State
/// comes before the events that need it. Every line but the first and the last carries a cursor from which
/// an export goes on, and taking in a line twice changes nothing, so both directions can be interrupted
/// anywhere.
///
/// A log that takes events in keeps their ids, versions, digests and times, and gives them positions and a
/// chain of its own; at the end it records, as an event, the head of the log that they came from.
public final class Archive {
    public static final EventType IMPORTED = new EventType("cairn.log.imported");

    static final int FORMAT = 1;
    static final int PAGE = 200;
    static final long PAGE_BYTES = 4 << 20;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final EventLog log;
    private final LogStorage storage;
    private final List<Table> tables;
    private final Ids ids;

    /// @param storage of the log
    /// @param tables all that are beside the events; those that are derived are not carried
    public Archive(EventLog log, LogStorage storage, List<Table> tables, Ids ids) {
        this.log = log;
        this.storage = storage;
        this.tables = StateCopy.carried(tables);
        this.ids = ids;
    }

    /// Passes on every line, from the beginning or from behind the line with a cursor.
    ///
    /// @throws IllegalArgumentException if the cursor is not one of this log's
    public void export(@Nullable String after, Consumer<JsonNode> lines) {
        var cursor = begin(after);
        var counted = new long[1];
        lines.accept(header(cursor));
        Consumer<JsonNode> counting = line -> {
            counted[0]++;
            lines.accept(line);
        };
        if (!cursor.inEvents()) {
            exportState(cursor, counting);
        }
        exportEvents(cursor, counting);
        lines.accept(end(cursor, counted[0]));
    }

    private ArchiveCursor begin(@Nullable String after) {
        var heads = log.heads().stream().map(Head::number).toList();
        if (after == null) {
            return ArchiveCursor.start(storage.epoch(), heads, Collections.nCopies(heads.size(), 0L));
        }
        var cursor = ArchiveCursor.parse(after);
        if (!cursor.epoch().equals(storage.epoch()) || !reaches(heads, cursor.heads())) {
            throw new IllegalArgumentException("'after' is a cursor of another log; start without it");
        }
        // Behind a finished export only what has come since is exported, and the state anew.
        return cursor.finished() ? ArchiveCursor.start(storage.epoch(), heads, cursor.heads()) : cursor;
    }

    private static boolean reaches(List<Long> heads, List<Long> wanted) {
        return wanted.size() == heads.size()
                && IntStream.range(0, heads.size())
                        .allMatch(partition -> wanted.get(partition) <= heads.get(partition));
    }

    private ObjectNode header(ArchiveCursor cursor) {
        return JSON.createObjectNode()
                .put("kind", "header")
                .put("format", FORMAT)
                .put("epoch", cursor.epoch())
                .put("position", log.position(0, cursor.heads().getFirst()).wire())
                .put("total", cursor.left() + stateRows());
    }

    private ObjectNode end(ArchiveCursor cursor, long lines) {
        return JSON.createObjectNode()
                .put("kind", "end")
                .put("lines", lines)
                .setAll(Origin.at(storage, cursor.heads()).json());
    }

    private long stateRows() {
        return tables.stream()
                .mapToLong(table -> storage.<Long, RuntimeException>operation(
                        () -> "the size of " + table.name(),
                        1,
                        () -> storage.read(snapshot -> StateCopy.count(snapshot, List.of(table)))))
                .sum();
    }

    private void exportState(ArchiveCursor from, Consumer<JsonNode> lines) {
        for (var table : tables) {
            if (table.name().compareTo(String.valueOf(from.table())) >= 0) {
                storage.<Table, RuntimeException>operation(() -> "an export of " + table.name(), 1, () -> {
                    exportTable(table, from, lines);
                    return table;
                });
            }
        }
    }

    private void exportTable(Table table, ArchiveCursor from, Consumer<JsonNode> lines) {
        boolean resumed = table.name().equals(from.table());
        for (var tenant : storage.read(snapshot -> snapshot.tenants(table))) {
            var reached = from.tenant();
            if (resumed && reached != null && tenant.id().compareTo(reached.id()) < 0) {
                continue;
            }
            exportRows(
                    table,
                    tenant,
                    resumed && tenant.equals(reached) ? from : from.at(table, tenant, new RowKey(List.of())),
                    lines);
        }
    }

    private void exportRows(Table table, Tenant tenant, ArchiveCursor from, Consumer<JsonNode> lines) {
        var cursor = from;
        List<Row> rows;
        do {
            var key = cursor.key();
            var after = key == null || key.parts().isEmpty() ? null : key;
            rows = storage.read(snapshot -> snapshot.rows(tenant, table, new RowKey(List.of()), after, PAGE));
            for (var row : rows) {
                cursor = cursor.at(table, tenant, row.key());
                lines.accept(ArchiveLines.of(table, tenant, row, cursor));
            }
        } while (rows.size() == PAGE);
    }

    private void exportEvents(ArchiveCursor from, Consumer<JsonNode> lines) {
        exportEvents(from, from.partition(), from.position(), lines);
        for (int later = from.partition() + 1; later < from.heads().size(); later++) {
            exportEvents(from, later, from.from().get(later), lines);
        }
    }

    private void exportEvents(ArchiveCursor from, int partition, long behind, Consumer<JsonNode> lines) {
        long head = from.heads().get(partition);
        long position = behind;
        while (position < head) {
            long after = position;
            for (var event : storage.read(snapshot -> snapshot.after(partition, after, PAGE, PAGE_BYTES))) {
                if (event.position() <= head) {
                    lines.accept(ArchiveLines.of(event, from.at(partition, event.position())));
                }
                position = event.position();
            }
        }
    }

    /// What came of lines that were taken in.
    ///
    /// @param skipped that were there already
    /// @param complete whether the last line of an export was among them
    public record Imported(long imported, long skipped, Position at, boolean complete) {}

    /// Takes lines in, in their order; a part of an export will do, the rest may follow.
    ///
    /// @throws IllegalArgumentException naming the line that cannot be taken in; those before it are
    public Imported take(Context context, Iterable<String> lines) {
        return new ArchiveImport(log, storage, tables, ids, context).take(lines);
    }
}
