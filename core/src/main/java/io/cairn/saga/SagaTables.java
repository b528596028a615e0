package io.cairn.saga;

import static io.cairn.row.Table.Column.bytes;
import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.row.Row;
import io.cairn.row.Table;
import io.cairn.row.Table.Kind;
import java.util.List;
import java.util.Map;

/// The tables of sagas: truth beside the log.
final class SagaTables {
    static final Table SAGA = new Table(
            "saga",
            Kind.STATE,
            List.of(text("id")),
            List.of(
                    text("type"),
                    text("correlation"),
                    text("status"),
                    text("step"),
                    number("retries"),
                    text("error"),
                    number("state_version"),
                    number("revision"),
                    number("started_at"),
                    number("updated_at"),
                    number("completed_at"),
                    text("actor"),
                    text("correlation_id"),
                    text("subject"),
                    text("key_id"),
                    bytes("state")));

    /// The sagas of one status and type, in order of their start.
    static final Table LISTED =
            new Table("saga_listed", Kind.STATE, List.of(text("listing"), number("started_at"), text("id")), List.of());

    private SagaTables() {}

    static String listing(SagaStatus status, String type) {
        return status.text() + "/" + type;
    }

    static Row listed(Row saga) {
        return LISTED.row(Map.of(
                "listing",
                listing(SagaStatus.of(saga.text("status")), saga.text("type")),
                "started_at",
                saga.number("started_at"),
                "id",
                saga.text("id")));
    }

    static List<Table> all() {
        return List.of(SAGA, LISTED);
    }
}
