package io.cairn.saga;

import io.cairn.event.ExactJson;
import io.cairn.event.RowSeals;
import io.cairn.event.TenantView;
import io.cairn.event.Times;
import io.cairn.row.Row;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A saga as it is stored, its content opened.
///
/// @param life tells it from one of the same type and correlation that was removed after its end: the id of the event
///     that started it; empty if an earlier release did
record SagaRow(Row row, JsonNode state, Actions actions, ObjectNode timers, String life) {
    /// @return nothing if there is no such saga
    /// @throws IllegalStateException if its subject was forgotten
    static Optional<SagaRow> read(TenantView view, RowSeals seals, String id) {
        return view.row(SagaTables.SAGA, SagaTables.SAGA.key(id)).map(row -> opened(view, seals, row));
    }

    private static SagaRow opened(TenantView view, RowSeals seals, Row row) {
        var whose = new RowSeals.SealedFor(row.text("subject"), UUID.fromString(row.text("key_id")));
        var content = view.opened(seals, whose, row.text("id"), row.bytes("state"))
                .map(ExactJson.mapper()::readTree)
                .orElseThrow(() -> new IllegalStateException(
                        "The subject of saga %s/%s was forgotten, and the saga's state with it"
                                .formatted(row.text("type"), row.text("correlation"))));
        return new SagaRow(
                row,
                content.path("state"),
                Actions.of(content.path("actions")),
                (ObjectNode) content.path("timers"),
                content.path("life").asString(""));
    }

    /// What is sealed in the row of a saga.
    static byte[] content(JsonNode state, Actions actions, ObjectNode timers, String life) {
        var content = JsonNodeFactory.instance.objectNode();
        content.set("state", state);
        content.set("actions", actions.json());
        content.set("timers", timers);
        if (!life.isEmpty()) {
            content.put("life", life);
        }
        return ExactJson.mapper().writeValueAsBytes(content);
    }

    String id() {
        return row.text("id");
    }

    /// What its tasks, and its keys outside, are named after.
    String name() {
        return life.isEmpty() ? id() : id() + "/" + life;
    }

    SagaStatus status() {
        return SagaStatus.of(row.text("status"));
    }

    long revision() {
        return row.number("revision");
    }

    int stateVersion() {
        return (int) row.number("state_version");
    }

    /// The row with other values and a later revision.
    Row with(Map<String, ?> changed, Instant now) {
        var cells = new HashMap<String, Object>();
        SagaTables.SAGA.columns().forEach(column -> {
            var value = row.cell(column.name());
            if (value != null) {
                cells.put(column.name(), value);
            }
        });
        cells.putAll(changed);
        cells.put("revision", revision() + 1);
        cells.put("updated_at", Times.micros(now));
        return SagaTables.SAGA.row(cells);
    }
}
