package io.cairn.server.rest;

import io.cairn.client.wire.CacheInvalidated;
import io.cairn.model.EmbeddingSpaces;
import io.cairn.model.ModelNames;
import io.cairn.server.http.Call;
import io.cairn.server.http.Field;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The cache of vectors, of all tenants.
@RestController
final class ModelCacheDoor {
    private static final int NAME_LENGTH_MAX = 200;

    private final EmbeddingSpaces spaces;

    ModelCacheDoor(EmbeddingSpaces spaces) {
        this.spaces = spaces;
    }

    @DeleteMapping("/v1/models/cache")
    CacheInvalidated invalidate(Call call, @RequestParam String model) {
        var names = ModelNames.of(Field.of("model").word(model, NAME_LENGTH_MAX));
        var removed = spaces.invalidate(names);
        call.count(
                "vectors",
                removed.memory() + removed.stored() + removed.shared().orElse(0));
        var shared = removed.shared();
        return new CacheInvalidated(removed.memory(), shared.isPresent() ? shared.getAsLong() : null, removed.stored());
    }
}
