package io.cairn.server.rest;

import io.cairn.server.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/// The description of this door for machines. People write it in YAML; it is served as JSON.
@RestController
final class OpenApiDoor {
    private static final String RESOURCE = "openapi.yaml";

    /// Made when it is asked for first, since few servers are ever asked.
    private static final class Made {
        private static final byte[] JSON = Json.mapper().writeValueAsBytes(read());

        private static Map<String, Object> read() {
            try (InputStream resource = OpenApiDoor.class.getResourceAsStream(RESOURCE)) {
                return new Yaml(new SafeConstructor(new LoaderOptions())).load(Objects.requireNonNull(resource));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @GetMapping(path = "/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> description() {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_JSON).body(Made.JSON);
    }
}
