package io.cairn.archive;

import io.cairn.event.EventType;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamId;
import io.cairn.event.Times;
import io.cairn.row.Row;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Rows and events as the lines of an archive, and back; bytes are in Base64.
final class ArchiveLines {
    private static final JsonMapper JSON = JsonMapper.shared();

    private ArchiveLines() {}

    static ObjectNode of(Table table, Tenant tenant, Row row, ArchiveCursor cursor) {
        var json = JSON.createObjectNode()
                .put("kind", "state")
                .put("cursor", cursor.wire())
                .put("table", table.name())
                .put("tenant", tenant.id());
        var cells = json.putObject("row");
        for (var column : table.columns()) {
            switch (row.cell(column.name())) {
                case String text -> cells.put(column.name(), text);
                case Long number -> cells.put(column.name(), number);
                case byte[] bytes -> cells.put(column.name(), bytes);
                case null, default -> cells.putNull(column.name());
            }
        }
        return json;
    }

    static ObjectNode of(StoredEvent event, ArchiveCursor cursor) {
        return JSON.createObjectNode()
                .put("kind", "event")
                .put("cursor", cursor.wire())
                .put("position", event.position())
                .put("tenant", event.tenant().id())
                .put("stream_type", event.stream().type())
                .put("stream_id", event.stream().id())
                .put("version", event.version())
                .put("event_id", event.eventId().toString())
                .put("type", event.type().name())
                .put("schema_version", event.schemaVersion())
                .put("subject", event.subject())
                .put("key_id", event.keyId().toString())
                .put("metadata", event.metadata())
                .put("payload", event.payload())
                .put("recorded_at", Times.instant(event.recordedAt()).toString())
                .put("occurred_at", Times.instant(event.occurredAt()).toString())
                .put("digest", event.digest());
    }

    static Row row(Table table, JsonNode json) {
        var cells = new HashMap<String, Object>();
        for (var column : table.columns()) {
            var cell = json.path(column.name());
            if (!cell.isMissingNode() && !cell.isNull()) {
                cells.put(
                        column.name(),
                        switch (column.type()) {
                            case TEXT -> cell.asString();
                            case NUMBER -> (Object) cell.asLong();
                            case BYTES -> Base64.getDecoder().decode(cell.asString());
                        });
            }
        }
        return table.row(cells);
    }

    static StoredEvent stored(JsonNode line) {
        return new StoredEvent(
                0,
                line.required("position").asLong(),
                new Tenant(line.required("tenant").asString()),
                new StreamId(
                        line.required("stream_type").asString(),
                        line.required("stream_id").asString()),
                line.required("version").asLong(),
                UUID.fromString(line.required("event_id").asString()),
                new EventType(line.required("type").asString()),
                line.required("schema_version").asInt(),
                line.required("subject").asString(),
                UUID.fromString(line.required("key_id").asString()),
                Base64.getDecoder().decode(line.required("metadata").asString()),
                Base64.getDecoder().decode(line.required("payload").asString()),
                Times.micros(Instant.parse(line.required("recorded_at").asString())),
                Times.micros(Instant.parse(line.required("occurred_at").asString())),
                Base64.getDecoder().decode(line.required("digest").asString()),
                new byte[0]);
    }
}
