package io.cairn.schema;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// What a user says of the way from the version before.
public sealed interface RegisteredUpcaster {
    int OPERATIONS_MAX = 100;

    /// The operations, in their order; none if every old payload is a new one too.
    record Operations(List<Operation> operations) implements RegisteredUpcaster {
        public Operations {
            operations = List.copyOf(operations);
            if (operations.size() > OPERATIONS_MAX) {
                throw new IllegalArgumentException(
                        "An upcaster has at most %d operations; found %d".formatted(OPERATIONS_MAX, operations.size()));
            }
        }

        /// A new payload; the old one stays as it is.
        JsonNode apply(JsonNode payload) {
            var copy = payload.deepCopy();
            operations.forEach(operation -> operation.apply(copy));
            return copy;
        }
    }

    /// There is none: old payloads stay what they are.
    record Impossible() implements RegisteredUpcaster {}
}
