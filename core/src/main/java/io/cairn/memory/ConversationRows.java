package io.cairn.memory;

import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.event.EventType;
import io.cairn.event.InlineProjection;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamId;
import io.cairn.row.Assigned;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The list of conversations: what there is, how long it is, and what was deleted.
///
/// Each event of a conversation's stream has a number, and a message's number is its sequence. The events that delete
/// or describe carry the count of sequence numbers that belong to no visible message.
public final class ConversationRows implements InlineProjection {
    public static final EventType DELETED = new EventType("conversation.deleted");
    public static final EventType DESCRIBED = new EventType("conversation.described");

    public static final Table TABLE = new Table(
            "conversation",
            Table.Kind.DERIVED,
            List.of(text("id")),
            List.of(
                    number("created_at"),
                    number("updated_at"),
                    number("last_sequence"),
                    number("position"),
                    number("deleted_at"),
                    number("unspoken"),
                    number("described")));

    /// The messages that were deleted one by one.
    public static final Table DELETIONS = new Table(
            "message_deletion",
            Table.Kind.DERIVED,
            List.of(text("conversation"), number("sequence")),
            List.of(number("position"), number("deleted_at")));

    /// In a payload: how many of the conversation's events, this one included, are no messages that stand.
    static final String UNSPOKEN = "unspoken";

    /// In the payload of a deletion: the message's sequence.
    static final String SEQUENCE = "sequence";

    @Override
    public String name() {
        return "conversations";
    }

    @Override
    public List<Table> tables() {
        return List.of(TABLE, DELETIONS);
    }

    @Override
    public List<RowChange> changes(Tenant tenant, StreamId stream, NewEvent event) {
        if (stream.type().equals(ConversationId.STREAM_TYPE)) {
            if (event.type().equals(Message.DELETED)) {
                return List.of(
                        counted(stream, event, Map.of(), Set.of("created_at", "described")), deletion(stream, event));
            } else if (event.type().equals(DESCRIBED)) {
                return List.of(counted(stream, event, Map.of("described", Assigned.VERSION), Set.of("created_at")));
            }
        }
        return changes(stream, event.type());
    }

    /// A message of a forgotten conversation cannot be read, whether it was deleted or not.
    @Override
    public List<RowChange> changesOfForgotten(Tenant tenant, StreamId stream, EventType type) {
        return changes(stream, type);
    }

    private static List<RowChange> changes(StreamId stream, EventType type) {
        if (!stream.type().equals(ConversationId.STREAM_TYPE)) {
            return List.of();
        }
        return type.equals(DELETED)
                ? List.of(deleted(stream), new RowChange.Remove(DELETIONS, new RowKey(List.of(stream.id()))))
                : List.of(grown(stream, Map.of(), Set.of("created_at", "unspoken", "described")));
    }

    private static RowChange counted(StreamId stream, NewEvent event, Map<String, Object> more, Set<String> keep) {
        var cells = new HashMap<>(more);
        cells.put("unspoken", event.payload().required(UNSPOKEN).asLong());
        return grown(stream, cells, keep);
    }

    private static RowChange deletion(StreamId stream, NewEvent event) {
        return new RowChange.Put(DELETIONS.row(Map.of(
                "conversation",
                stream.id(),
                "sequence",
                event.payload().required(SEQUENCE).asLong(),
                "position",
                Assigned.POSITION,
                "deleted_at",
                Assigned.RECORDED_AT)));
    }

    private static RowChange grown(StreamId stream, Map<String, Object> more, Set<String> keep) {
        var cells = new HashMap<String, Object>(more);
        cells.put("id", stream.id());
        cells.put("created_at", Assigned.RECORDED_AT);
        cells.put("updated_at", Assigned.RECORDED_AT);
        cells.put("last_sequence", Assigned.VERSION);
        cells.put("position", Assigned.POSITION);
        return new RowChange.Put(TABLE.row(cells), keep);
    }

    private static RowChange deleted(StreamId stream) {
        var row =
                TABLE.row(Map.of("id", stream.id(), "position", Assigned.POSITION, "deleted_at", Assigned.RECORDED_AT));
        return new RowChange.Put(row, Set.of("created_at", "updated_at", "last_sequence"));
    }
}
