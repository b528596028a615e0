package io.cairn.task;

import io.cairn.event.Times;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A task as its row says.
record TaskRow(Tenant tenant, Row row) {
    private static final int REASON_MAX = 1000;
    private static final int HISTORY_MAX = 4000;

    String id() {
        return row.text("id");
    }

    String type() {
        return row.text("type");
    }

    String lane() {
        return row.text("lane");
    }

    int slot() {
        return (int) row.number("slot");
    }

    Optional<String> key() {
        return Optional.ofNullable(row.textOrNull("task_key"));
    }

    Optional<String> dedup() {
        return Optional.ofNullable(row.textOrNull("dedup"));
    }

    long seq() {
        return row.number("seq");
    }

    TaskState state() {
        return TaskState.of(row.text("state"));
    }

    /// Where it stands in the table of its state.
    long place() {
        return count("place");
    }

    /// How often it was started, by those that were heard of again.
    long started() {
        return count("started");
    }

    long count(String column) {
        var count = row.numberOrNull(column);
        return count == null ? 0 : count;
    }

    Optional<Long> micros(String column) {
        return Optional.ofNullable(row.numberOrNull(column));
    }

    Optional<Instant> time(String column) {
        return micros(column).map(Times::instant);
    }

    boolean isAfterDeadline(long now) {
        return micros("deadline_at").filter(deadline -> deadline <= now).isPresent();
    }

    /// The place of one that becomes ready: as if it had been enqueued as many minutes earlier as its priority says.
    long rank(long now) {
        return now - row.number("priority") * 60_000_000;
    }

    /// When it became ready, if it is.
    long readyAt() {
        return place() + row.number("priority") * 60_000_000;
    }

    /// The same, with other values in some columns.
    TaskRow with(Map<String, ? extends @Nullable Object> changed) {
        var cells = new HashMap<String, @Nullable Object>();
        for (var column : row.table().columns()) {
            cells.put(column.name(), row.cell(column.name()));
        }
        cells.putAll(changed);
        return new TaskRow(tenant, row.table().row(cells));
    }

    TaskRow in(TaskState state, @Nullable Long place) {
        var changed = new HashMap<String, @Nullable Object>();
        changed.put("state", state.text());
        changed.put("place", place);
        return with(changed);
    }

    TaskRow because(String reason) {
        return with(Map.of("reason", cut(reason, REASON_MAX)));
    }

    /// One more line in what has happened to it; of a long history the end is kept.
    TaskRow noting(long at, String what) {
        var before = row.textOrNull("history");
        var line = Times.instant(at) + " " + cut(what.replace('\n', ' '), REASON_MAX);
        var all = before == null ? line : before + "\n" + line;
        while (all.length() > HISTORY_MAX && all.indexOf('\n') >= 0) {
            all = all.substring(all.indexOf('\n') + 1);
        }
        return with(Map.of("history", all));
    }

    /// What changes the row in the store, which has what is fixed.
    RowChange change() {
        var cells = new HashMap<String, @Nullable Object>();
        for (Table.Column column : row.table().columns()) {
            if (!TaskTables.FIXED.contains(column.name())) {
                cells.put(column.name(), row.cell(column.name()));
            }
        }
        return new RowChange.Put(row.table().row(cells), TaskTables.FIXED);
    }

    /// Never in the midst of a character, and without what not every store can hold.
    private static String cut(String text, int max) {
        var whole = text.replace('\0', '?');
        if (whole.length() <= max) {
            return whole;
        }
        int end = Character.isHighSurrogate(whole.charAt(max - 1)) ? max - 1 : max;
        return whole.substring(0, end);
    }
}
