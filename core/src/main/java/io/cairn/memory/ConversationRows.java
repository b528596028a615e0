package io.cairn.memory;

import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.event.EventType;
import io.cairn.event.InlineProjection;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamId;
import io.cairn.row.Assigned;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The list of conversations: what there is, how long it is, and what was deleted.
public final class ConversationRows implements InlineProjection {
    public static final EventType DELETED = new EventType("conversation.deleted");

    public static final Table TABLE = new Table(
            "conversation",
            Table.Kind.DERIVED,
            List.of(text("id")),
            List.of(
                    number("created_at"),
                    number("updated_at"),
                    number("last_sequence"),
                    number("position"),
                    number("deleted_at")));

    @Override
    public String name() {
        return "conversations";
    }

    @Override
    public List<Table> tables() {
        return List.of(TABLE);
    }

    @Override
    public List<RowChange> changes(Tenant tenant, StreamId stream, NewEvent event) {
        return changes(stream, event.type());
    }

    @Override
    public List<RowChange> changesOfForgotten(Tenant tenant, StreamId stream, EventType type) {
        return changes(stream, type);
    }

    private static List<RowChange> changes(StreamId stream, EventType type) {
        if (!stream.type().equals(ConversationId.STREAM_TYPE)) {
            return List.of();
        }
        return type.equals(DELETED) ? List.of(deleted(stream)) : List.of(grown(stream));
    }

    private static RowChange grown(StreamId stream) {
        var row = TABLE.row(Map.of(
                "id", stream.id(),
                "created_at", Assigned.RECORDED_AT,
                "updated_at", Assigned.RECORDED_AT,
                "last_sequence", Assigned.VERSION,
                "position", Assigned.POSITION));
        return new RowChange.Put(row, Set.of("created_at"));
    }

    private static RowChange deleted(StreamId stream) {
        var row =
                TABLE.row(Map.of("id", stream.id(), "position", Assigned.POSITION, "deleted_at", Assigned.RECORDED_AT));
        return new RowChange.Put(row, Set.of("created_at", "updated_at", "last_sequence"));
    }
}
