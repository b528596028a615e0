package io.cairn.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whoever gets hold of the log's file alone learns nothing of what was said or written.
class SealedAtRestTest {
    private static final List<String> SECRETS =
            List.of("Quillfeather", "brambletag", "thistlekey", "mossvalue", "Larkheading", "fernbody", "heronsays");

    @TempDir
    Path temp;

    @Test
    void neitherTitleNorTagNorMetadataNorHeadingNorTextStandsInClearInTheLog() throws IOException {
        try (var cairn = RunningCairn.start(temp, List.of("--logging.level.io.cairn=off"), CheapEmbeddings.class)) {
            cairn.post("/v1/documents", """
                            {"id":"plan","title":"Quillfeather","tags":["brambletag"],
                            "metadata":{"thistlekey":"mossvalue"},"media_type":"text/markdown",
                            "content":"# Larkheading\\n\\nThe fernbody grows."}""").has(201);
            cairn.post(
                            "/v1/conversations/c/messages",
                            "{\"messages\":[{\"role\":\"user\",\"content\":\"heronsays so\"}]}")
                    .has(201);
            var found = cairn.get("/v1/documents/plan").has(200);
            assertThat(found.text("/title")).isEqualTo("Quillfeather");
            assertThat(found.text("/metadata/thistlekey")).isEqualTo("mossvalue");
            assertThat(cairn.get("/v1/documents").has(200).text("/items/0/tags/0"))
                    .isEqualTo("brambletag");
        }
        for (var name : List.of("log.db", "log.db-wal", "vectors.db", "vectors.db-wal")) {
            var file = temp.resolve(name);
            if (Files.exists(file)) {
                assertThat(Files.readString(file, ISO_8859_1)).as(name).doesNotContain(SECRETS);
            }
        }
    }
}
