package io.cairn.client.wire;

import java.util.List;

/// The body of `POST /v1/streams/{type}/{id}/events`; `expected` is `any`, `none` or the stream's version.
public record AppendEvents(String expected, List<NewEvent> events) {
    public AppendEvents {
        events = Copy.of(events);
    }
}
