package com.example.coordinator;

import io.cairn.bus.EventBus;
import io.cairn.bus.EventHandlerProvider;
import io.cairn.bus.Interest;
import io.cairn.event.Event;
import io.cairn.event.Payload;
import java.lang.System.Logger.Level;
import java.util.Map;

/// Who is told at once of what agents got: answers are routed to two handlers by their type, and what was asked for is
/// filtered by what it says. Each handler has a thread of its own, so that a slow one keeps no other waiting.
public final class Notices implements EventHandlerProvider {
    private static final System.Logger LOG = System.getLogger(Notices.class.getName());

    @Override
    public void subscribe(EventBus bus) {
        bus.route("turn.answered", Map.of("transcript", Notices::note, "billing", Notices::bill));
        bus.subscribe("questions", Interest.matching("turn.*").where(Notices::asks), Notices::alert);
    }

    /// Whether somebody was asked something.
    private static boolean asks(Event event) {
        return said(event, "said").endsWith("?");
    }

    private static String said(Event event, String field) {
        return event.payload() instanceof Payload.Open(var json)
                ? json.path(field).asString("")
                : "";
    }

    private static void note(Event event) {
        LOG.log(Level.INFO, "{0}: {1}", event.stream(), said(event, "answer"));
    }

    private static void bill(Event event) {
        LOG.log(
                Level.INFO,
                "{0} is billed {1} letters",
                event.stream(),
                said(event, "answer").length());
    }

    private static void alert(Event event) {
        LOG.log(Level.INFO, "{0} was asked: {1}", event.stream(), said(event, "said"));
    }
}
