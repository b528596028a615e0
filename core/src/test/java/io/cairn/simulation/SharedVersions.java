package io.cairn.simulation;

import static java.util.stream.Collectors.joining;

import io.cairn.event.Event;
import io.cairn.follow.Rows;
import io.cairn.projection.RowProjection;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A projection of rows that the nodes share: of each stream the versions that were taken in, one after another. So an
/// event that counts twice shows as well as one that is lost. It cannot take in poison.
final class SharedVersions implements RowProjection {
    static final String NAME = "versions";
    static final Table TABLE = new Table(
            "shared_version",
            Table.Kind.DERIVED,
            List.of(Table.Column.text("stream")),
            List.of(Table.Column.text("versions"), Table.Column.number("made_by")));

    private final Poison poison;
    private final int version;

    /// @param version of the projection, which its rows name
    SharedVersions(Poison poison, int version) {
        this.poison = poison;
        this.version = version;
    }

    /// Which versions a row holds.
    static List<Long> versions(Row row) {
        return Stream.of(row.text("versions").split(" ")).map(Long::valueOf).toList();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int version() {
        return version;
    }

    @Override
    public List<Table> tables() {
        return List.of(TABLE);
    }

    @Override
    public List<RowChange> changes(Event event, Rows rows) {
        if (poison.holds(event.id())) {
            throw new IllegalStateException("Poison " + event.id());
        }
        var id = event.stream().id();
        var before = rows.row(TABLE, TABLE.key(id)).map(row -> row.text("versions"));
        var versions = Stream.concat(before.stream(), Stream.of(Long.toString(event.version())))
                .collect(joining(" "));
        return List.of(
                new RowChange.Put(TABLE.row(Map.of("stream", id, "versions", versions, "made_by", (long) version))));
    }
}
