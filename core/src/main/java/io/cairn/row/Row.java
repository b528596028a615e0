package io.cairn.row;

import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One row of a table: a value for each key column and for those value columns that are not null.
public final class Row {
    private final Table table;
    private final Map<String, Object> cells;

    Row(Table table, Map<String, ?> cells) {
        this.table = table;
        this.cells = new HashMap<>();
        var columns = table.columnsByName();
        cells.forEach((name, value) -> {
            var column = columns.get(name);
            if (column == null) {
                throw new IllegalArgumentException("Table %s has no column %s".formatted(table.name(), name));
            }
            if (value != null) {
                table.check(column, value);
                this.cells.put(name, value);
            }
        });
        table.key().forEach(column -> required(column.name()));
    }

    public Table table() {
        return table;
    }

    public RowKey key() {
        return new RowKey(
                table.key().stream().map(column -> required(column.name())).toList());
    }

    public @Nullable Object cell(String column) {
        return cells.get(column);
    }

    public String text(String column) {
        return (String) required(column);
    }

    public @Nullable String textOrNull(String column) {
        return (String) cells.get(column);
    }

    public long number(String column) {
        return (Long) required(column);
    }

    public @Nullable Long numberOrNull(String column) {
        return (Long) cells.get(column);
    }

    public byte[] bytes(String column) {
        return (byte[]) required(column);
    }

    /// This row with every assigned value filled in.
    public Row resolve(Function<Assigned, Object> values) {
        if (cells.values().stream().noneMatch(Assigned.class::isInstance)) {
            return this;
        }
        var resolved = new HashMap<>(cells);
        resolved.replaceAll((name, value) -> value instanceof Assigned assigned ? values.apply(assigned) : value);
        return new Row(table, resolved);
    }

    /// A row of another table, which has the same columns, with the cells of this one.
    public Row in(Table other) {
        return new Row(other, cells);
    }

    /// This row, but with the values of another row in the named columns.
    Row keeping(Row other, Iterable<String> columns) {
        var kept = new HashMap<>(cells);
        for (var column : columns) {
            var value = other.cells.get(column);
            if (value == null) {
                kept.remove(column);
            } else {
                kept.put(column, value);
            }
        }
        return new Row(table, kept);
    }

    private Object required(String column) {
        var value = cells.get(column);
        if (value == null) {
            throw new NoSuchElementException("A row of %s has no value in %s".formatted(table.name(), column));
        }
        return value;
    }

    @Override
    public String toString() {
        return table.name() + cells.keySet();
    }
}
