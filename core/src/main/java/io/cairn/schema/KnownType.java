package io.cairn.schema;

import io.cairn.event.EventType;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A type with all its registered versions, from the first on without a gap, and the upcasters between them.
record KnownType(EventType type, List<KnownVersion> versions, UpcasterChain chain) {
    KnownType {
        versions = List.copyOf(versions);
    }

    static KnownType first(KnownVersion version) {
        var type = version.registered().type();
        return new KnownType(type, List.of(version), UpcasterChain.start(type));
    }

    int newest() {
        return versions.size();
    }

    KnownType then(KnownVersion next) {
        return new KnownType(
                type,
                Stream.concat(versions.stream(), Stream.of(next)).toList(),
                chain.then(step(newest(), next.registered().content().upcaster())));
    }

    static @Nullable Upcaster step(int from, @Nullable RegisteredUpcaster declared) {
        return switch (declared) {
            case RegisteredUpcaster.Patches patches -> Upcaster.from(from, patches::apply);
            case RegisteredUpcaster.Impossible impossible -> null;
            case null -> null;
        };
    }

    List<SchemaVersion> registered() {
        return versions.stream().map(KnownVersion::registered).toList();
    }
}
