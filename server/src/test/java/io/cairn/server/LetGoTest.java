package io.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.condition.OS.LINUX;

import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.io.TempDir;

/// What a server that has stopped, or could not start, still holds of its data folder.
@EnabledOnOs(LINUX)
class LetGoTest {
    @TempDir
    Path temp;

    @Test
    void aServerThatHasStoppedHoldsNothing() throws IOException {
        start(temp.resolve("a"), 0).close();

        assertThat(held(temp)).isEmpty();
        assertThat(temp.resolve("a/log.db.checksum")).exists();
        assertThat(temp.resolve("a/vectors.db-wal")).doesNotExist();
    }

    @Test
    void aStartThatFailedAtItsEndHoldsNothing() throws IOException {
        try (var other = start(temp.resolve("a"), 0)) {
            assertThatThrownBy(() -> start(temp.resolve("b"), other.port()))
                    .hasRootCauseInstanceOf(BindException.class);
            assertThat(held(temp.resolve("b"))).isEmpty();
            assertThat(temp.resolve("b/log.db.checksum")).exists();
        }
    }

    @Test
    void aStartThatFailedEarlyHoldsNothing() throws IOException {
        try (var cairn = start(temp.resolve("a"), 0)) {
            cairn.post("/v1/conversations/c/messages", "{\"messages\":[{\"role\":\"user\",\"content\":\"Here.\"}]}")
                    .has(201);
        }
        Files.write(temp.resolve("a/master.key"), new byte[] {1, 2, 3});

        assertThatThrownBy(() -> start(temp.resolve("a"), 0)).isInstanceOf(RuntimeException.class);

        assertThat(held(temp)).isEmpty();
        assertThat(temp.resolve("a/log.db.checksum")).exists();
    }

    private static RunningCairn start(Path data, int port) {
        return RunningCairn.start(data, List.of("--cairn.port=" + port, "--logging.level.io.cairn=off"));
    }

    /// Files below a folder that this process has open or has in its memory, but for libraries: those stay loaded.
    private static List<String> held(Path folder) throws IOException {
        try (var open = Files.list(Path.of("/proc/self/fd"));
                var mapped = Files.lines(Path.of("/proc/self/maps"))) {
            return Stream.concat(open.map(LetGoTest::target), mapped.map(line -> line.replaceFirst("^[^/]*", "")))
                    .filter(held -> held.startsWith(folder + "/") && !held.contains("/natives/"))
                    .distinct()
                    .toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }
}
