package io.cairn.bus;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.Event;
import io.cairn.event.Payload;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a webhook says of an event: `type`, `timestamp` and `data`, as Standard Webhooks has it.
final class WebhookBody {
    private static final JsonMapper JSON = JsonMapper.shared();

    private WebhookBody() {}

    /// The text that is sent, byte by byte the same at each attempt.
    ///
    /// @param bytesMax beyond which the payload is left out; the receiver then reads the event from the log
    static String of(Event event, int bytesMax) {
        var whole = JSON.writeValueAsString(body(event, true));
        return whole.getBytes(UTF_8).length <= bytesMax ? whole : JSON.writeValueAsString(body(event, false));
    }

    private static JsonNode body(Event event, boolean payload) {
        var data = JsonNodeFactory.instance.objectNode();
        data.put("id", event.id().toString());
        data.put("stream_type", event.stream().type());
        data.put("stream_id", event.stream().id());
        data.put("version", event.version());
        data.put("schema_version", event.schemaVersion());
        data.put("position", event.position().wire());
        data.put("occurred_at", event.occurredAt().toString());
        data.put("correlation_id", event.correlation());
        if (payload) {
            put(data, event.payload());
        } else {
            data.put("payload_omitted", true);
        }
        var body = JsonNodeFactory.instance.objectNode();
        body.put("type", event.type().name());
        body.put("timestamp", event.recordedAt().toString());
        body.set("data", data);
        return body;
    }

    private static void put(ObjectNode data, Payload payload) {
        switch (payload) {
            case Payload.Open(var json) -> data.set("payload", json);
            case Payload.Forgotten forgotten -> data.put("payload_forgotten", true);
            case Payload.Unreadable(var reason) -> data.put("payload_error", reason);
        }
    }
}
