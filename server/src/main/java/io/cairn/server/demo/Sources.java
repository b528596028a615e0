package io.cairn.server.demo;

import io.cairn.client.DocumentFile;
import io.cairn.client.wire.NewMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a demonstration takes in.
///
/// @param files Cairn's own documents, where they are at hand, and those that were asked for
record Sources(List<DocumentFile> files) {
    private static final int FILES_MAX = 500;

    /// @param home the folder of the launcher, if it started this
    static Sources of(List<String> paths, @Nullable String home) {
        var own = home == null
                ? Stream.<DocumentFile>of()
                : Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs")
                        .map(Path.of(home)::resolve)
                        .filter(Files::exists)
                        .flatMap(path -> under(path, Path.of(home)));
        var given = paths.stream().map(Path::of).flatMap(path -> under(path, path));
        return new Sources(Stream.concat(own, given).limit(FILES_MAX).toList());
    }

    static List<NewMessage> dialogue() {
        try (var in = Objects.requireNonNull(Sources.class.getResourceAsStream("/demo/dialogue.json"))) {
            return JsonMapper.shared()
                    .readTree(in)
                    .valueStream()
                    .map(Sources::message)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("The demo's dialogue cannot be read", e);
        }
    }

    private static NewMessage message(JsonNode json) {
        return new NewMessage(
                json.required("id").asString(),
                "user",
                json.required("speaker").asString(),
                json.required("content").asString(),
                Instant.parse(json.required("at").asString()),
                Map.of(),
                null);
    }

    private static Stream<DocumentFile> under(Path path, Path base) {
        try (var files = Files.walk(path)) {
            return files
                    .filter(Files::isRegularFile)
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .map(file -> DocumentFile.of(file, id(file, base)))
                    .toList()
                    .stream();
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be read".formatted(path), e);
        }
    }

    private static String id(Path file, Path base) {
        var relative = base.relativize(file).toString();
        return (relative.isEmpty() ? file.getFileName().toString() : relative).replace('\\', '/');
    }
}
