package io.cairn.projection;

import io.cairn.row.Table;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What a row projection must declare, so that names make no trouble in any store and in no place of a generation.
final class RowProjectionCheck {
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    private static final Pattern TABLE_NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    private static final int TABLE_NAME_MAX = 40;

    private RowProjectionCheck() {}

    /// @throws IllegalArgumentException that says what is not as it must be
    static void check(RowProjection projection) {
        if (!NAME.matcher(projection.name()).matches()) {
            throw new IllegalArgumentException(
                    "A projection is named with up to 40 lower-case letters, digits and hyphens, not '%s'"
                            .formatted(projection.name()));
        }
        if (projection.version() < 1 || projection.tables().isEmpty()) {
            throw new IllegalArgumentException(
                    "Projection %s has a version from 1 and at least one table".formatted(projection.name()));
        }
        for (var table : projection.tables()) {
            var names = Stream.concat(
                    Stream.of(table.name()), table.columns().stream().map(Table.Column::name));
            names.filter(each -> each.length() > TABLE_NAME_MAX
                            || !TABLE_NAME.matcher(each).matches())
                    .forEach(each -> {
                        throw new IllegalArgumentException(
                                "Tables and columns of projection %s are named with up to 40 lower-case letters, digits and single underscores, not '%s'"
                                        .formatted(projection.name(), each));
                    });
            if (table.kind() != Table.Kind.DERIVED) {
                throw new IllegalArgumentException("Table %s of projection %s is %s, not derived from the log"
                        .formatted(table.name(), projection.name(), table.kind()));
            }
        }
    }
}
