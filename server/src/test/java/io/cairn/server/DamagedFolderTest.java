package io.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.server.wiring.StartProblems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Each file of a data folder, damaged in each of ten ways: the server heals what can be made anew, or says in one
/// sentence what is damaged and what to do. What was acknowledged is there, or whoever asks for it is told.
///
/// Usually each file is damaged in one of these ways, which the seed chooses; with `-Dcairn.damage=all` in all of
/// them, and with `-Dcairn.damage.file=log.db` only files whose path begins so.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DamagedFolderTest {
    private static final long SEED = Long.getLong("cairn.damage.seed", 13);
    private static final boolean ALL = "all".equals(System.getProperty("cairn.damage"));
    private static final String ONLY = System.getProperty("cairn.damage.file", "");
    private static final int WAYS_USUALLY = 1;
    private static final int MESSAGES = 12;

    private Path temp;
    private final Path[] installations = new Path[2];

    /// One way to damage a file.
    private enum Way {
        MISSING,
        EMPTY,
        TRUNCATED,
        TRUNCATED_ELSEWHERE,
        GARBAGE,
        GARBAGE_AT_THE_START,
        FLIPPED,
        FLIPPED_ELSEWHERE,
        ALL_ZERO,
        OF_ANOTHER_INSTALLATION
    }

    @BeforeAll
    void install(@TempDir Path folder) {
        temp = folder;
        for (int i = 0; i < installations.length; i++) {
            installations[i] = temp.resolve("installation" + i);
            try (var cairn = start(installations[i])) {
                for (int number = 0; number < MESSAGES; number++) {
                    cairn.post(
                                    "/v1/conversations/c" + i + "/messages",
                                    "{\"messages\":[{\"role\":\"user\",\"content\":\"Parcel p%d left.\"}]}"
                                            .formatted(number))
                            .has(201);
                }
                cairn.post("/v1/documents", "{\"id\":\"plan\",\"content\":\"The harvest of year %d.\"}".formatted(i))
                        .has(201);
                awaitComplete(cairn);
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> eachDamagedFileIsMadeGoodOrNamed() throws IOException {
        var cases = new ArrayList<DynamicTest>();
        for (var file : files(installations[0])) {
            // Indexes do not always have the same files, and what happens to one shall not hang on the others.
            var random = new Random(SEED ^ file.toString().hashCode());
            var ways = new ArrayList<>(List.of(Way.values()));
            Collections.shuffle(ways, random);
            for (var way : ALL ? ways : ways.subList(0, WAYS_USUALLY)) {
                long seed = random.nextLong();
                cases.add(DynamicTest.dynamicTest(
                        "%s, %s, seed %d".formatted(file, way, seed), () -> damagedAndStarted(file, way, seed)));
            }
        }
        return cases.stream();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (var found = Files.walk(folder)) {
            return found.filter(Files::isRegularFile)
                    .map(folder::relativize)
                    // A library that is in use cannot be damaged in this process, and has a test of its own.
                    .filter(file -> !file.startsWith("natives"))
                    .filter(file -> file.toString().startsWith(ONLY))
                    .sorted()
                    .toList();
        }
    }

    private void damagedAndStarted(Path file, Way way, long seed) throws IOException {
        var folder = Files.createTempDirectory(temp, "damaged");
        copy(installations[0], folder);
        damage(folder.resolve(file), file, way, new Random(seed));
        String sentence = null;
        try (var cairn = start(folder)) {
            holdsOrTells(cairn);
        } catch (RuntimeException failure) {
            sentence = StartProblems.sentence(failure)
                    .orElseThrow(() -> new AssertionError("No sentence for it", failure));
        }
        if (sentence != null) {
            assertThat(sentence).doesNotContain("\n").contains(name(file));
            assertThat(sentence).containsAnyOf("restore", "delete", "put ", "name its place", "take that right away");
        }
    }

    /// What a sentence has to name: the file, or the log where that is one.
    private static String name(Path file) {
        return file.toString().startsWith("log.db") ? "log" : file.getFileName().toString();
    }

    private static void holdsOrTells(RunningCairn cairn) {
        var messages = cairn.get("/v1/conversations/c0/messages");
        if (messages.status() == 200) {
            assertThat(messages.json().path("items").size()).isEqualTo(MESSAGES);
        } else {
            messages.isProblem(503, "storage_damaged");
        }
        var document = cairn.get("/v1/documents/plan");
        if (document.status() == 200) {
            assertThat(document.text("/content")).isEqualTo("The harvest of year 0.");
        } else {
            document.isProblem(503, "storage_damaged");
        }
        cairn.post("/v1/recall", "{\"query\":\"parcel p3\"}").has(200);
        if (messages.status() == 200 && document.status() == 200) {
            awaitComplete(cairn);
        }
    }

    private static void awaitComplete(RunningCairn cairn) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            var found = cairn.post("/v1/recall", "{\"query\":\"parcel p3\"}").has(200);
            assertThat(found.text("/dense")).isEqualTo("complete");
            assertThat(found.json().path("hits")).isNotEmpty();
            assertThat(found.json().path("stale").asBoolean(true)).isFalse();
        });
    }

    private static RunningCairn start(Path folder) {
        return RunningCairn.start(
                folder,
                List.of(
                        "--logging.level.io.cairn=off",
                        "--cairn.limits.free-disk=1MB",
                        "--cairn.store.retry.attempts=1"),
                CheapEmbeddings.class);
    }

    private void damage(Path at, Path file, Way way, Random random) throws IOException {
        var bytes = Files.readAllBytes(at);
        var mode = Files.getPosixFilePermissions(at);
        switch (way) {
            case MISSING -> Files.delete(at);
            case EMPTY -> Files.write(at, new byte[0]);
            case TRUNCATED, TRUNCATED_ELSEWHERE ->
                Files.write(at, Arrays.copyOf(bytes, bytes.length == 0 ? 0 : random.nextInt(bytes.length)));
            case GARBAGE, GARBAGE_AT_THE_START -> {
                var page = new byte[Math.min(4096, bytes.length)];
                random.nextBytes(page);
                int start = way == Way.GARBAGE ? random.nextInt(bytes.length - page.length + 1) : 0;
                overwrite(at, page, start);
            }
            case FLIPPED, FLIPPED_ELSEWHERE ->
                IntStream.range(0, bytes.length == 0 ? 0 : 8).forEach(i -> {
                    int place = random.nextInt(bytes.length);
                    overwrite(at, new byte[] {(byte) (bytes[place] ^ (1 << random.nextInt(8)))}, place);
                });
            case ALL_ZERO -> Files.write(at, new byte[bytes.length]);
            case OF_ANOTHER_INSTALLATION -> {
                var other = installations[1].resolve(file);
                if (Files.exists(other)) {
                    Files.copy(other, at, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
        if (Files.exists(at)) {
            Files.setPosixFilePermissions(at, mode);
        }
    }

    private static void overwrite(Path file, byte[] bytes, long at) {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var found = Files.walk(from)) {
            for (var file : found.toList()) {
                var target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(
                            target, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                } else {
                    Files.copy(file, target, StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }
}
