package io.cairn.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.adapter.sql.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Whoever gets hold of the log's file or database alone learns nothing of what was said or written.
class SealedAtRestTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    private static final List<String> SECRETS =
            List.of("Quillfeather", "brambletag", "thistlekey", "mossvalue", "Larkheading", "fernbody", "heronsays");

    @TempDir
    Path temp;

    @Test
    void neitherTitleNorTagNorMetadataNorHeadingNorTextStandsInClearInTheLog() throws IOException {
        write(List.of());
        for (var name : List.of("log.db", "log.db-wal", "vectors.db", "vectors.db-wal")) {
            var file = temp.resolve(name);
            if (Files.exists(file)) {
                assertThat(Files.readString(file, ISO_8859_1)).as(name).doesNotContain(SECRETS);
            }
        }
    }

    @Test
    void noneOfThemStandsInClearInPostgresEither() {
        DATABASE.emptied();
        write(StoreSettings.of(DATABASE));
        var rows = DATABASE.rows();
        assertThat(rows.get("document"))
                .as("an id is in clear")
                .singleElement()
                .asString()
                .contains("burrow");
        rows.forEach((table, held) -> {
            var text = String.join("\n", held);
            assertThat(text).as(table).doesNotContain(SECRETS);
            assertThat(text)
                    .as("bytes of " + table)
                    .doesNotContain(SECRETS.stream()
                            .map(secret -> HexFormat.of().formatHex(secret.getBytes(UTF_8)))
                            .toList());
        });
    }

    private void write(List<String> store) {
        var settings = new ArrayList<>(store);
        settings.add("--logging.level.io.cairn=off");
        try (var cairn = RunningCairn.start(temp, settings, CheapEmbeddings.class)) {
            cairn.post("/v1/documents", """
                {"id":"burrow","title":"Quillfeather","tags":["brambletag"],
                "metadata":{"thistlekey":"mossvalue"},"media_type":"text/markdown",
                "content":"# Larkheading\\n\\nThe fernbody grows."}\
                """).has(201);
            cairn.post(
                            "/v1/conversations/c/messages",
                            "{\"messages\":[{\"role\":\"user\",\"content\":\"heronsays so\"}]}")
                    .has(201);
            var found = cairn.get("/v1/documents/burrow").has(200);
            assertThat(found.text("/title")).isEqualTo("Quillfeather");
            assertThat(found.text("/metadata/thistlekey")).isEqualTo("mossvalue");
            assertThat(cairn.get("/v1/documents").has(200).text("/items/0/tags/0"))
                    .isEqualTo("brambletag");
        }
    }
}
