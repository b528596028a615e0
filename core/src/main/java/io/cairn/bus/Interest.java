package io.cairn.bus;

import io.cairn.event.Event;
import io.cairn.event.EventPattern;
import io.cairn.event.EventType;
import io.cairn.tenant.Tenant;
import java.util.function.Predicate;

/// Which events a handler wants.
@FunctionalInterface
public interface Interest {
    boolean in(Event event);

    /// Events of one type.
    static Interest exactly(String type) {
        var wanted = new EventType(type);
        return event -> event.type().equals(wanted);
    }

    /// Events whose type matches, such as `document.*`.
    static Interest matching(String pattern) {
        var wanted = new EventPattern(pattern);
        return event -> wanted.matches(event.type());
    }

    static Interest of(Tenant tenant) {
        return event -> event.tenant().equals(tenant);
    }

    /// Those of these events for which the condition holds too.
    default Interest where(Predicate<Event> condition) {
        return event -> in(event) && condition.test(event);
    }

    default Interest and(Interest other) {
        return where(other::in);
    }
}
