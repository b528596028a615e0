package io.cairn.server.rest;

import io.cairn.event.Ids;
import io.cairn.event.Names;
import io.cairn.server.http.Field;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The header by which a request that is sent again meets what it stored before: ids that are missing follow from it.
record IdempotencyKey(String value) {
    static final String HEADER = "Idempotency-Key";

    static Optional<IdempotencyKey> of(@Nullable String header) {
        return Optional.ofNullable(header)
                .map(value -> Field.of(HEADER).built(value, () -> {
                    Names.id(HEADER, value);
                    return new IdempotencyKey(value);
                }));
    }

    UUID id(int index) {
        return Ids.named("idempotency", value, Integer.toString(index));
    }
}
