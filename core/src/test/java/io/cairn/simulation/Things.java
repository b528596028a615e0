package io.cairn.simulation;

import io.cairn.event.EventType;
import io.cairn.event.InlineProjection;
import io.cairn.event.NewEvent;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamId;
import io.cairn.row.Assigned;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// An inline projection: a row for each thing, with the first and the last event since the thing was last removed.
final class Things implements InlineProjection {
    static final String NAME = "things";
    static final String STREAM = "thing";
    static final EventType HAPPENED = new EventType("thing.happened");
    static final EventType REMOVED = new EventType("thing.removed");
    static final Table TABLE = new Table(
            "thing",
            Table.Kind.DERIVED,
            List.of(Table.Column.text("id")),
            List.of(
                    Table.Column.text("first"),
                    Table.Column.text("last"),
                    Table.Column.number("version"),
                    Table.Column.number("position")));

    /// What a row says.
    record Thing(String first, String last, long version, long position) {
        static Thing of(Row row) {
            return new Thing(row.text("first"), row.text("last"), row.number("version"), row.number("position"));
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<Table> tables() {
        return List.of(TABLE);
    }

    @Override
    public List<RowChange> changes(Tenant tenant, StreamId stream, NewEvent event) {
        if (!stream.type().equals(STREAM)) {
            return List.of();
        }
        if (event.type().equals(REMOVED)) {
            return List.of(new RowChange.Remove(TABLE, TABLE.key(stream.id())));
        }
        var row = TABLE.row(Map.of(
                "id", stream.id(),
                "first", event.id().toString(),
                "last", event.id().toString(),
                "version", Assigned.VERSION,
                "position", Assigned.POSITION));
        return List.of(new RowChange.Put(row, Set.of("first")));
    }

    @Override
    public List<RowChange> changesOfForgotten(Tenant tenant, StreamId stream, EventType type) {
        return List.of();
    }

    /// The same, told in another way: what the rows have to be after one more event.
    static void fold(Map<StreamKey, Thing> things, StoredEvent event) {
        var key = new StreamKey(event.tenant(), event.stream());
        var id = event.eventId().toString();
        if (!event.stream().type().equals(STREAM)) {
            return;
        }
        if (event.type().equals(REMOVED)) {
            things.remove(key);
        } else {
            things.merge(
                    key,
                    new Thing(id, id, event.version(), event.position()),
                    (old, next) -> new Thing(old.first(), id, next.version(), next.position()));
        }
    }
}
