package io.cairn.server.rest;

import io.cairn.server.http.HttpLimits;
import io.cairn.server.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// The description of this door for machines. People write it in YAML; it is served as JSON, with the limits that this
/// server was set to.
@RestController
final class OpenApiDoor {
    private static final String RESOURCE = "openapi.yaml";

    /// Stands in the description beside a number that a setting decides.
    private static final String SETTING = "x-cairn-setting";

    private static final String MOST_ITEMS = "maxItems";

    private final HttpLimits limits;
    private byte @Nullable [] made;

    OpenApiDoor(HttpLimits limits) {
        this.limits = limits;
    }

    @GetMapping(path = "/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> description() {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(json());
    }

    /// Made when it is asked for first, since few servers are ever asked.
    private synchronized byte[] json() {
        var json = made;
        if (json == null) {
            json = Json.mapper().writeValueAsBytes(asSet(read()));
            made = json;
        }
        return json;
    }

    private static Map<String, Object> read() {
        try (InputStream resource = OpenApiDoor.class.getResourceAsStream(RESOURCE)) {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(Objects.requireNonNull(resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Object asSet(@Nullable Object part) {
        return switch (part) {
            case null -> null;
            case Map<?, ?> members -> {
                var set = new LinkedHashMap<Object, @Nullable Object>();
                members.forEach((name, value) -> set.put(name, asSet(value)));
                set.computeIfPresent(MOST_ITEMS, (name, value) -> mostItems(members.get(SETTING), value));
                yield set;
            }
            case List<?> items -> allAsSet(items);
            default -> part;
        };
    }

    private List<@Nullable Object> allAsSet(List<?> items) {
        var set = new ArrayList<@Nullable Object>();
        items.forEach(item -> set.add(asSet(item)));
        return set;
    }

    private Object mostItems(@Nullable Object setting, Object written) {
        return "cairn.log.max-batch-size".equals(setting) ? limits.batchItemsMax() : written;
    }
}
