package com.example.leads;

import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.saga.SagaType;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Events about a lead. Their ids follow from the saga's, so that a step which is taken again writes nothing twice.
final class LeadEvents {
    private LeadEvents() {}

    static StreamAppend of(SagaType.At at, String type, int version, JsonNode payload) {
        var lead = new StreamId("lead", at.correlation());
        var id = Ids.named(type, at.saga().toString());
        var event = new NewEvent(id, new EventType(type), version, lead.toString(), payload, Instant.now(), null);
        return new StreamAppend(lead, Expected.any(), List.of(event));
    }
}
