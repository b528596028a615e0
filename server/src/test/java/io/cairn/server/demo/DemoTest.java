package io.cairn.server.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DemoTest {
    @TempDir
    Path temporary;

    /// What a demonstration that cannot go on says before it ends with status 1.
    private String lastWords(Map<String, String> environment, String... paths) throws Exception {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path"),
                "io.cairn.server.CairnServer",
                "demo"));
        command.addAll(List.of(paths));
        var errors = temporary.resolve("errors");
        var process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile());
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
    void aPathThatIsNotThereEndsItInOneSentence() throws Exception {
        assertThat(lastWords(Map.of(), "/no/such/folder"))
                .startsWith("cairn: the demo ended early: /no/such/folder")
                .hasLineCount(1);
        assertThat(leftBehind()).isEmpty();
    }

    @Test
    void aServerThatRefusesTheDialogueEndsItAndLeavesNothingBehind() throws Exception {
        assertThat(lastWords(Map.of("CAIRN_LIMITS_JSON", "100B"))).contains("cairn: the demo ended early:");
        assertThat(leftBehind()).isEmpty();
    }
}
