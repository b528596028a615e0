package io.cairn.knowledge;

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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which version of every document is current, and who holds which content.
///
/// What a version says, such as its title, tags and metadata, stands in its event alone, where it is sealed.
public final class DocumentRows implements InlineProjection {
    public static final Table TABLE = new Table(
            "document",
            Table.Kind.DERIVED,
            List.of(text("id")),
            List.of(
                    number("version"),
                    text("fingerprint"),
                    // Empty: former releases kept a version's payload here in clear.
                    text("detail"),
                    number("created_at"),
                    number("updated_at"),
                    number("position"),
                    number("deleted_at"),
                    number("deleted_version")));

    /// One row per content: the claim that keeps it unique.
    public static final Table CONTENT =
            new Table("document_content", Table.Kind.DERIVED, List.of(text("fingerprint")), List.of(text("document")));

    /// In a payload: the fingerprint of the content that is current no more.
    static final String RELEASED = "released";

    /// In a payload: the version of the deletion after which the id is used again.
    static final String REUSED = "reused";

    @Override
    public String name() {
        return "documents";
    }

    @Override
    public List<Table> tables() {
        return List.of(TABLE, CONTENT);
    }

    @Override
    public List<RowChange> changes(Tenant tenant, StreamId stream, NewEvent event) {
        if (!stream.type().equals(DocumentId.STREAM_TYPE)) {
            return List.of();
        }
        var changes = new ArrayList<RowChange>();
        event.payload()
                .path(RELEASED)
                .asStringOpt()
                .ifPresent(released -> changes.add(new RowChange.Remove(CONTENT, CONTENT.key(released))));
        if (event.type().equals(Document.STORED)) {
            changes.add(current(stream, event));
            claim(stream, event).ifPresent(changes::add);
        } else {
            changes.add(deleted(stream));
        }
        return changes;
    }

    /// One file may be attached to many messages, so what came in another document claims no content.
    private static Optional<RowChange> claim(StreamId stream, NewEvent event) {
        return event.payload().has(Document.PART_OF)
                ? Optional.empty()
                : Optional.of(new RowChange.Put(CONTENT.row(Map.of(
                        "fingerprint", event.payload().required("fingerprint").asString(), "document", stream.id()))));
    }

    /// The id of a forgotten document stays burnt.
    @Override
    public List<RowChange> changesOfForgotten(Tenant tenant, StreamId stream, EventType type) {
        return stream.type().equals(DocumentId.STREAM_TYPE) ? List.of(deleted(stream)) : List.of();
    }

    private static RowChange current(StreamId stream, NewEvent event) {
        var cells = new HashMap<String, Object>(Map.of(
                "id", stream.id(),
                "version", Assigned.VERSION,
                "fingerprint", event.payload().required("fingerprint").asString(),
                "created_at", Assigned.RECORDED_AT,
                "updated_at", Assigned.RECORDED_AT,
                "position", Assigned.POSITION));
        var reused = event.payload().path(REUSED);
        if (reused.isMissingNode()) {
            return new RowChange.Put(TABLE.row(cells), Set.of("created_at", "deleted_version"));
        }
        cells.put("deleted_version", reused.asLong());
        return new RowChange.Put(TABLE.row(cells), Set.of());
    }

    private static RowChange deleted(StreamId stream) {
        return new RowChange.Put(
                TABLE.row(Map.of(
                        "id", stream.id(),
                        "version", Assigned.VERSION,
                        "position", Assigned.POSITION,
                        "deleted_at", Assigned.RECORDED_AT)),
                Set.of("created_at", "updated_at"));
    }
}
