package io.cairn.row;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A table whose rows commit together with events.
///
/// The tenant is the first part of every key and never appears among the columns: no change or read can leave it out.
///
/// @param name as the database knows it
/// @param kind what becomes of the table in an export, a copy or a rebuild
/// @param key the columns that, after the tenant, identify a row
/// @param values the other columns, each of which may be null
public record Table(String name, Kind kind, List<Column> key, List<Column> values) {

    /// What a table holds, which decides whether an export carries it.
    public enum Kind {
        /// The events themselves.
        LOG,
        /// What cannot be made anew from events, such as keys: an export carries it.
        STATE,
        /// A projection: an export leaves it out, since it is rebuilt from the log.
        DERIVED
    }

    /// How a column's values are typed: `String`, `Long` or `byte[]`.
    public enum Type {
        TEXT(String.class),
        NUMBER(Long.class),
        BYTES(byte[].class);

        private final Class<?> javaType;

        Type(Class<?> javaType) {
            this.javaType = javaType;
        }

        boolean holds(Object value) {
            return javaType.isInstance(value);
        }
    }

    /// A named, typed column.
    public record Column(String name, Type type) {
        public static Column text(String name) {
            return new Column(name, Type.TEXT);
        }

        public static Column number(String name) {
            return new Column(name, Type.NUMBER);
        }

        public static Column bytes(String name) {
            return new Column(name, Type.BYTES);
        }
    }

    public Table {
        key = List.copyOf(key);
        values = List.copyOf(values);
    }

    /// The shadow table of this one: it has the same form, and this one's rows are built anew in it.
    public Table aside() {
        return new Table(name + "__next", kind, key, values);
    }

    /// The table that this one has replaced: it has the same form, and a rollback brings it back.
    public Table former() {
        return new Table(name + "__former", kind, key, values);
    }

    /// All columns, the key's first.
    public List<Column> columns() {
        return Stream.concat(key.stream(), values.stream()).toList();
    }

    /// A key of this table, checked against its key columns. Fewer parts than columns make a prefix of keys.
    public RowKey key(Object... parts) {
        var found = List.of(parts);
        if (found.size() > key.size()) {
            throw new IllegalArgumentException(
                    "Table %s has %d key columns, not %d".formatted(name, key.size(), found.size()));
        }
        for (int i = 0; i < found.size(); i++) {
            check(key.get(i), found.get(i));
        }
        return new RowKey(found);
    }

    /// A row of this table.
    public Row row(Map<String, ?> cells) {
        return new Row(this, cells);
    }

    Map<String, Column> columnsByName() {
        return columns().stream().collect(Collectors.toMap(Column::name, column -> column));
    }

    void check(Column column, Object value) {
        if (!column.type().holds(value) && !(value instanceof Assigned)) {
            throw new IllegalArgumentException("%s.%s holds %s, not %s"
                    .formatted(
                            name, column.name(), column.type(), value.getClass().getSimpleName()));
        }
    }
}
