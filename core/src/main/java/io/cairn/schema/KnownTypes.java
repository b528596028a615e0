package io.cairn.schema;

import io.cairn.event.Event;
import io.cairn.event.EventType;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The versions that one tenant has registered, up to a version of its stream of registrations; they only grow.
record KnownTypes(long version, int count, Map<EventType, KnownType> types) {
    static KnownTypes none() {
        return new KnownTypes(0, 0, Map.of());
    }

    @Nullable
    KnownType find(EventType type) {
        return types.get(type);
    }

    /// The same, with the registrations that follow.
    KnownTypes and(List<Event> registrations, JsonSchemas schemas) {
        var grown = new TreeMap<EventType, KnownType>(Comparator.comparing(EventType::name));
        grown.putAll(types);
        int more = count;
        for (var event : registrations) {
            var registered = SchemaVersion.of(event);
            if (registered.isPresent()) {
                var version = new KnownVersion(registered.get(), schemas);
                grown.merge(registered.get().type(), KnownType.first(version), (known, fresh) -> known.then(version));
                more++;
            }
        }
        long reached =
                registrations.isEmpty() ? version : registrations.getLast().version();
        return new KnownTypes(reached, more, Collections.unmodifiableMap(grown));
    }
}
