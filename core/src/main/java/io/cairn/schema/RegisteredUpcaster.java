package io.cairn.schema;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// How a user says that payloads of the version before become payloads of this one.
public sealed interface RegisteredUpcaster {
    int PATCHES_MAX = 100;

    /// The patches, in their order; none if every old payload is a new one too.
    record Patches(List<Patch> patches) implements RegisteredUpcaster {
        public Patches {
            patches = List.copyOf(patches);
            if (patches.size() > PATCHES_MAX) {
                throw new IllegalArgumentException(
                        "An upcaster has at most %d operations; found %d".formatted(PATCHES_MAX, patches.size()));
            }
        }

        /// A new payload; the old one stays as it is.
        JsonNode apply(JsonNode payload) {
            var copy = payload.deepCopy();
            patches.forEach(patch -> patch.apply(copy));
            return copy;
        }
    }

    /// Old payloads cannot be transformed: they stay as they are.
    record Impossible() implements RegisteredUpcaster {}
}
