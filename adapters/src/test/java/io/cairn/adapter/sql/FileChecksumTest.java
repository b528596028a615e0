package io.cairn.adapter.sql;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.NewEvent;
import io.cairn.event.StorageException;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/// A log's file that was changed while it was closed.
class FileChecksumTest {
    private static final int FILES = Integer.getInteger("cairn.test.rounds", 300);
    private static final Context CONTEXT = new Context(new Tenant("acme"), "tester", "corr");

    @TempDir
    Path folder;

    private final SecureRandom random = new SecureRandom();
    private final MasterKey master = MasterKey.random(random);
    private Path file;
    private Path checksum;

    @BeforeEach
    void write() {
        file = folder.resolve("log.db");
        checksum = folder.resolve("log.db.checksum");
        try (var log = open()) {
            for (int i = 0; i < 30; i++) {
                append(log);
            }
        }
    }

    private EventLog open() {
        return EventLog.on(SqliteLogStorage.open(file, 2))
                .sealedWith(master)
                .random(random)
                .start();
    }

    private static void append(EventLog log) {
        var event = new NewEvent(
                UUID.randomUUID(),
                new EventType("thing.happened"),
                1,
                "subject",
                JsonNodeFactory.instance.objectNode().put("text", "x".repeat(500)),
                Instant.EPOCH,
                null);
        log.append(Unit.of(CONTEXT, new StreamAppend(new StreamId("thing", "s"), Expected.any(), List.of(event))));
    }

    @Test
    void whateverWasChangedInAClosedFileIsRefusedAndLeftAsItIs() throws IOException {
        var sound = Files.readAllBytes(file);
        for (int seed = 0; seed < FILES; seed++) {
            var damaged = damaged(sound, new Random(seed), seed);
            Files.write(file, damaged);
            isRefused("is not as it was when it was closed", seed);
            assertThat(Files.readAllBytes(file)).isEqualTo(damaged);
            assertThat(checksum).exists();
        }
        Files.write(file, sound);
        try (var log = open()) {
            assertThat(log.head(0).number()).isEqualTo(30);
        }
    }

    private static byte[] damaged(byte[] sound, Random random, int seed) {
        var bytes = sound.clone();
        switch (seed % 4) {
            case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> {
                for (int i = 0; i < 8; i++) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 2 -> {
                var page = new byte[4096];
                random.nextBytes(page);
                System.arraycopy(page, 0, bytes, random.nextInt(bytes.length - page.length), page.length);
            }
            default -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        // Two flips may meet in one bit.
        return Arrays.equals(bytes, sound) ? new byte[0] : bytes;
    }

    @Test
    void whoeverChangedItOnPurposeSaysSoByDeletingTheChecksum() throws IOException, SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE of_mine (id INTEGER)");
        }
        isRefused("delete log.db.checksum", 0);

        Files.delete(checksum);
        open().close();

        assertThat(checksum).exists();
        open().close();
    }

    @Test
    void aCrashLeavesNoChecksumAndTheStructureIsLookedThrough() throws IOException {
        var copy = folder.resolve("crashed");
        Files.createDirectory(copy);
        try (var log = open()) {
            assertThat(checksum).doesNotExist();
            append(log);
            for (var left : List.of("log.db", "log.db-wal")) {
                Files.copy(folder.resolve(left), copy.resolve(left));
            }
        }
        file = copy.resolve("log.db");
        try (var log = open()) {
            assertThat(log.head(0).number()).isEqualTo(31);
        }
        Files.delete(copy.resolve("log.db.checksum"));
        var bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, bytes.length - 4096, bytes.length, (byte) 7);
        Files.write(file, bytes);

        isRefused("SQLite found in", 0);
    }

    @Test
    void aChecksumThatIsDamagedItselfIsNoFaultOfTheFile() throws IOException {
        var kept = Files.readString(checksum, US_ASCII);
        for (var damaged : List.of("", "x".repeat(10_000), kept.replaceFirst("\\d", ""), "1 2 3", kept + kept)) {
            Files.writeString(checksum, damaged, US_ASCII);
            open().close();
            assertThat(Files.readString(checksum, US_ASCII)).isEqualTo(kept);
        }
    }

    @Test
    void whatWasFoundDamagedInUseGetsNoChecksum() throws IOException, SQLException {
        Files.delete(checksum);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE event SET event_id = x'00' WHERE position = 3");
        }
        try (var storage = SqliteLogStorage.open(file, 1)) {
            assertThatThrownBy(() -> storage.read(snapshot -> snapshot.after(0, 0, 10, Long.MAX_VALUE)))
                    .isInstanceOfSatisfying(StorageException.class, FileChecksumTest::isDamaged);
        }
        assertThat(checksum).doesNotExist();
    }

    @Test
    void onlyWhoeverMayReadTheFileMayReadItsChecksum() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        open().close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(checksum)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatIsOnlyLookedAtKeepsItsChecksum() throws IOException {
        var kept = Files.readString(checksum, US_ASCII);
        assertThat(SqliteLogStorage.changedSinceClosed(file)).isFalse();
        SqliteLogStorage.unchanged(file, EventLog.tables()).close();
        assertThat(Files.readString(checksum, US_ASCII)).isEqualTo(kept);
        Files.write(file, new byte[] {1});
        assertThat(SqliteLogStorage.changedSinceClosed(file)).isTrue();
        Files.delete(checksum);
        assertThat(SqliteLogStorage.changedSinceClosed(file)).isFalse();
    }

    private void isRefused(String sentence, int seed) {
        ThrowingCallable opening = () -> open().close();
        assertThatThrownBy(opening)
                .as("seed %d", seed)
                .isInstanceOfSatisfying(StorageException.class, FileChecksumTest::isDamaged)
                .hasMessageContaining(sentence)
                .hasMessageContaining("log.db");
    }

    private static void isDamaged(StorageException failure) {
        assertThat(failure.kind()).isEqualTo(StorageException.Kind.DAMAGED);
    }
}
