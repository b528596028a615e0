package io.cairn.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.UUID;
import java.util.stream.Collectors;

/// A row in a shadow table that names the rebuild to which the table belongs.
///
/// Another node, or a process that has come after this one, may begin the same rebuild and makes the table
/// anew. Whoever goes on without having noticed does not find its mark any more.
final class BuilderMark {
    private static final Tenant ENGINE = new Tenant("cairn");

    private final String projection;
    private final Row row;

    /// @param aside one of the shadow tables
    /// @param builder of this one rebuild
    BuilderMark(String projection, Table aside, UUID builder) {
        this.projection = projection;
        this.row = aside.row(
                aside.key().stream().collect(Collectors.toMap(Table.Column::name, column -> part(column, builder))));
    }

    private static Object part(Table.Column column, UUID builder) {
        return switch (column.type()) {
            case TEXT -> builder.toString();
            case NUMBER -> builder.getLeastSignificantBits();
            case BYTES -> builder.toString().getBytes(UTF_8);
        };
    }

    void put(WriteTransaction transaction) {
        transaction.change(ENGINE, new RowChange.Put(row));
    }

    void remove(WriteTransaction transaction) {
        transaction.change(ENGINE, new RowChange.Remove(row.table(), row.key()));
    }

    /// @throws IllegalStateException if the table is somebody else's now
    void require(WriteTransaction transaction) {
        if (transaction.row(ENGINE, row.table(), row.key()).isEmpty()) {
            throw new IllegalStateException(
                    "Another rebuild of %s has begun since this one; this one is given up".formatted(projection));
        }
    }
}
