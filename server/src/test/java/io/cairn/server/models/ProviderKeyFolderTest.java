package io.cairn.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelRequest;
import io.cairn.testkit.ModelServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The keys of providers are files of a folder, as Docker and Kubernetes give secrets to a container.
@Timeout(60)
class ProviderKeyFolderTest {
    private static final String CHAT = "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    private final ModelServer provider = ModelServer.start();

    @TempDir
    Path data;

    @TempDir
    Path secrets;

    @AfterEach
    void close() {
        provider.close();
    }

    private RunningCairn start(String... more) {
        var settings = new ArrayList<>(List.of(
                "--cairn.models.key-folder=" + secrets,
                "--cairn.models.providers.main.url=" + provider.url() + "/v1",
                "--cairn.models.providers.main.attempts=1",
                "--cairn.models.providers.other.url=" + provider.url() + "/v1",
                "--cairn.models.providers.other.key=of-its-own",
                "--cairn.models.providers.open.url=" + provider.url() + "/v1",
                "--cairn.models.chat.small.provider=main",
                "--cairn.models.chat.large.provider=other",
                "--cairn.models.chat.free.provider=open"));
        settings.addAll(List.of(more));
        return RunningCairn.startCheaply(data, settings.toArray(String[]::new));
    }

    private Optional<String> keySentFor(RunningCairn cairn, String model) {
        cairn.post("/openai/v1/chat/completions", CHAT.formatted(model)).has(200);
        return provider.lastRequest().header("Authorization");
    }

    @Test
    void eachProviderHasItsOwnKeyAndARotatedOneIsInUseWithoutARestart() throws IOException {
        var file = Files.writeString(secrets.resolve("main"), "sk-old\n");
        Files.writeString(secrets.resolve("other"), "not this one");
        try (var cairn = start()) {
            assertThat(keySentFor(cairn, "small")).contains("Bearer sk-old");
            assertThat(keySentFor(cairn, "large")).contains("Bearer of-its-own");
            assertThat(keySentFor(cairn, "free")).isEmpty();

            Files.writeString(file, "sk-new\n");
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(2)));
            assertThat(keySentFor(cairn, "small")).contains("Bearer sk-new");
        }
    }

    @Test
    void aKeyThatIsRefusedIsReadAgainAndToldToNobody() throws IOException {
        var file = Files.writeString(secrets.resolve("main"), "sk-old\n");
        var at = Files.getLastModifiedTime(file);
        try (var cairn = start()) {
            keySentFor(cairn, "small");
            Files.writeString(file, "sk-new\n");
            Files.setLastModifiedTime(file, at);
            provider.then(ModelReply.status(401, "{\"error\":{\"message\":\"Incorrect API key: sk-old\"}}"));

            assertThat(keySentFor(cairn, "small")).contains("Bearer sk-new");

            provider.then(ModelReply.status(401, "{\"error\":{\"message\":\"Incorrect API key: sk-new\"}}"));
            assertThat(cairn.post("/openai/v1/chat/completions", CHAT.formatted("small"))
                            .has(502)
                            .response()
                            .body())
                    .doesNotContain("sk-new");
        }
        assertThat(provider.requests()).extracting(ModelRequest::path).containsOnly("/v1/chat/completions");
    }

    @Test
    void aFolderThatIsNotThereStopsTheStart() {
        assertThatThrownBy(() -> start("--cairn.models.key-folder=" + secrets.resolve("none")))
                .hasStackTraceContaining("cairn.models.key-folder is a folder that is there");
    }
}
