package io.cairn.server.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

@Timeout(120)
class DemoTest {
    @TempDir
    Path temporary;

    private ProcessBuilder demo(String... words) {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                "io.cairn.server.CairnServer",
                "demo"));
        command.addAll(List.of(words));
        return new ProcessBuilder(command);
    }

    /// What a demonstration that cannot go on says before it ends with status 1.
    private String lastWords(Map<String, String> environment, String... paths) throws Exception {
        var errors = temporary.resolve("errors");
        var process =
                demo(paths).redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(errors.toFile());
        process.environment().putAll(environment);
        assertThat(process.start().waitFor()).isEqualTo(1);
        return Files.readString(errors, UTF_8);
    }

    private List<String> leftBehind() throws IOException {
        try (var files = Files.list(temporary)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("cairn-demo"))
                    .toList();
        }
    }

    @Test
    void withJsonTheAnswersAloneGoToItsOutputAndTheServerGoesOnAtThePortThatWasNamed() throws Exception {
        var file = Files.writeString(temporary.resolve("harbour.md"), "# Harbour\n\nThe harbour master is Joris.\n");
        int port = freePort();
        var errors = temporary.resolve("errors");
        var process = demo("--json", "--port", Integer.toString(port), file.toString())
                .redirectError(errors.toFile())
                .start();
        try (var out = process.inputReader(UTF_8)) {
            var asked = new ArrayList<String>();
            for (int i = 0; i < 3; i++) {
                var line = String.valueOf(out.readLine());
                assertThat(line).as(() -> told(errors)).startsWith("{");
                var answered = JsonMapper.shared().readTree(line);
                asked.add(answered.path("question").asString());
                assertThat(answered.at("/answer/hits").size()).isPositive();
            }
            assertThat(asked).doesNotHaveDuplicates().contains("What can Mara not eat?");
            try (var http = HttpClient.newHttpClient()) {
                var live = HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/health/live".formatted(port)));
                assertThat(http.send(live.build(), HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(200);
            }
            await().untilAsserted(() -> assertThat(told(errors))
                    .contains("documents: 1 of 1 taken in", "Cairn listens at http://127.0.0.1:" + port));
            // The process itself closes what is read from it.
            process.toHandle().destroy();
            assertThat(out.lines()).as("nothing but the answers").isEmpty();
        } finally {
            process.destroy();
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(leftBehind()).isEmpty();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static String told(Path errors) {
        try {
            return Files.readString(errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aPathThatIsNotThereEndsItInOneSentence() throws Exception {
        assertThat(lastWords(Map.of(), "/no/such/folder"))
                .startsWith("cairn: the demo ended early: /no/such/folder")
                .hasLineCount(1);
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void aServerThatRefusesTheDialogueEndsItAndLeavesNothingBehind() throws Exception {
        assertThat(lastWords(refusing(Map.of()))).contains("cairn: the demo ended early:");
        assertThat(leftBehind()).isEmpty();
    }

    /// The server starts, and refuses the dialogue.
    private static Map<String, String> refusing(Map<String, String> environment) {
        var all = new HashMap<>(environment);
        all.put("CAIRN_LIMITS_JSON", "100B");
        return all;
    }

    @Test
    void theFolderIsTheOneOfTheEnvironmentOrOfTheOptionAndStays() throws Exception {
        var ofVariable = temporary.resolve("of-variable");
        var environment = refusing(Map.of("CAIRN_DATA", ofVariable.toString()));
        var ofOption = temporary.resolve("of-option");
        lastWords(environment, "--data", ofOption.toString());
        assertThat(ofOption.resolve("admin.key")).exists();
        assertThat(ofVariable).doesNotExist();
        lastWords(environment);
        assertThat(ofVariable.resolve("admin.key")).exists();
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void aPortOfTheEnvironmentThatIsTakenIsNotReplacedByAnother() throws Exception {
        try (var taken = new ServerSocket(0)) {
            var port = Integer.toString(taken.getLocalPort());
            assertThat(lastWords(refusing(Map.of("CAIRN_PORT", port)))).contains(port);
        }
    }
}
