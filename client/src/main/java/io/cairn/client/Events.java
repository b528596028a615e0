package io.cairn.client;

import io.cairn.client.wire.Event;
import io.cairn.client.wire.Page;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The events of all streams of a tenant, in the order of the log.
///
/// A pattern is a type (`lead.scored`), a type with all below it (`lead.*`), or `*` for any.
public final class Events {
    private final Transport transport;

    Events(Transport transport) {
        this.transport = transport;
    }

    public Page<Event> page(@Nullable String pattern, @Nullable String after, @Nullable Integer limit) {
        Address address = Address.of("events")
                .with("pattern", pattern)
                .with("after", after)
                .with("limit", limit);
        return transport.page(Call.get(address), Event.class);
    }

    /// All events there are after a position, or from the first one on; read page by page.
    public Stream<Event> list(@Nullable String pattern, @Nullable String after) {
        return Pages.all(cursor -> page(pattern, cursor == null ? after : cursor, null));
    }

    /// Events as they come, from now on.
    public Tail follow(@Nullable String pattern) {
        return follow(pattern, null);
    }

    /// Events as they come, beginning after a position, such as that of a [Tail] that ended.
    public Tail follow(@Nullable String pattern, @Nullable String after) {
        return new Tail(transport, pattern, after);
    }
}
