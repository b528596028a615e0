package io.cairn.client;

import io.cairn.client.wire.AppendEvents;
import io.cairn.client.wire.AppendedEvents;
import io.cairn.client.wire.Event;
import io.cairn.client.wire.NewEvent;
import io.cairn.client.wire.Page;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A tenant's own streams of events.
public final class Streams {
    private final Transport transport;
    private final Supplier<String> ids;

    Streams(Transport transport, Supplier<String> ids) {
        this.transport = transport;
        this.ids = ids;
    }

    /// Appends all of the events or none.
    public Appended append(String type, String id, Expected expected, List<NewEvent> events) {
        List<NewEvent> named = events.stream()
                .map(event -> event.id() == null ? event.withId(ids.get()) : event)
                .toList();
        Call call = Call.post(
                Address.of("streams", type, id, "events"),
                new AppendEvents(expected.wire(), named),
                Call.Again.HARMLESS);
        try {
            AppendedEvents appended = transport.send(call, AppendedEvents.class);
            return new Appended.Written(appended.position(), appended.version());
        } catch (CairnProblem refused) {
            Long actual = refused.problem().actualVersion();
            if (refused.status() == 409 && actual != null) {
                return new Appended.Conflict(actual);
            }
            throw refused;
        }
    }

    public Page<Event> read(String type, String id, @Nullable String after, @Nullable Integer limit) {
        Address address =
                Address.of("streams", type, id, "events").with("after", after).with("limit", limit);
        return transport.page(Call.get(address), Event.class);
    }

    /// All events of a stream, read page by page.
    public Stream<Event> read(String type, String id) {
        return Pages.all(after -> read(type, id, after, null));
    }
}
