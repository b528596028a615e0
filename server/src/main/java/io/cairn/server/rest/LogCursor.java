package io.cairn.server.rest;

import io.cairn.event.EventLog;
import io.cairn.event.Position;
import io.cairn.server.http.Field;
import io.cairn.server.http.Trouble;
import io.cairn.tenant.Tenant;
import org.jspecify.annotations.Nullable;

/// A place in the log from which a reader goes on.
final class LogCursor {
    private LogCursor() {}

    /// The number after which to read; 0 where nothing was given.
    static long number(EventLog log, Tenant tenant, String name, @Nullable String wire) {
        if (wire == null) {
            return 0;
        }
        var position = Field.of(name).built(wire, () -> Position.parse(wire));
        var head = log.head(log.partition(tenant)).position();
        if (!position.epoch().equals(head.epoch()) || position.partition() != head.partition()) {
            throw Trouble.POSITION_MOVED.because("%s is of another log; this one is at %s".formatted(name, head));
        }
        return position.number();
    }
}
