package io.cairn.event;

import java.util.List;

/// Events for one stream, in order, and what is expected of the stream before them.
public record StreamAppend(StreamId stream, Expected expected, List<NewEvent> events) {
    public StreamAppend {
        events = List.copyOf(events);
    }
}
