package io.cairn.bus;

import io.cairn.event.Event;

/// Does something about an event, in the process that it runs in.
@FunctionalInterface
public interface EventHandler {
    /// @throws Exception is told and counted; the handler goes on with the next event
    void handle(Event event) throws Exception;
}
