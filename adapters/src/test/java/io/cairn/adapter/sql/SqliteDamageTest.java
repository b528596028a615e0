package io.cairn.adapter.sql;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.archive.Verification;
import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Head;
import io.cairn.event.NewEvent;
import io.cairn.event.StorageException;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.flywaydb.core.api.FlywayException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/// A log file that somebody, or the disk, has damaged; and a disk that is full.
class SqliteDamageTest {
    private static final int EVENTS = 50;
    private static final Context CONTEXT = new Context(new Tenant("acme"), "tester", "corr");

    @TempDir
    Path folder;

    private final SecureRandom random = new SecureRandom();
    private final MasterKey master = MasterKey.random(random);
    private Path file;
    private Head head;

    @BeforeEach
    void write() {
        file = folder.resolve("log.db");
        try (var log = open()) {
            for (int i = 0; i < EVENTS; i++) {
                append(log, "s" + i % 5);
            }
            head = log.head(0);
        }
    }

    private EventLog open() {
        return EventLog.on(SqliteLogStorage.open(file, 2))
                .sealedWith(master)
                .random(random)
                .start();
    }

    private static Appended append(EventLog log, String stream) {
        var event = new NewEvent(
                UUID.randomUUID(),
                new EventType("thing.happened"),
                1,
                "subject-" + stream,
                JsonNodeFactory.instance.objectNode().put("text", "x".repeat(500)),
                Instant.EPOCH,
                null);
        return log.append(
                Unit.of(CONTEXT, new StreamAppend(new StreamId("thing", stream), Expected.any(), List.of(event))));
    }

    @Test
    void anUndamagedLogVerifies() {
        assertThat(verify(Optional.of(head))).isEqualTo(new Verification(EVENTS, List.of(), false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "UPDATE event SET payload = zeroblob(length(payload)) WHERE position = 20",
                "UPDATE event SET stream_id = 'other' WHERE position = 20",
                "UPDATE event SET metadata = '{}' WHERE position = 20",
                "UPDATE event SET subject = 'other' WHERE position = 20",
                "UPDATE event SET recorded_at = recorded_at + 1 WHERE position = 20",
                "UPDATE event SET occurred_at = 1 WHERE position = 20",
                "UPDATE event SET version = 40 WHERE position = 50",
                "UPDATE event SET digest = zeroblob(32) WHERE position = 20",
                "UPDATE event SET chain = zeroblob(32) WHERE position = 20",
                "DELETE FROM event WHERE position = 20",
                "DELETE FROM event WHERE position = 1",
                "DELETE FROM event WHERE position = 50",
                "UPDATE event SET position = CASE position WHEN 20 THEN -21 ELSE -20 END WHERE position IN (20, 21);"
                        + "UPDATE event SET position = -position WHERE position < 0",
                "UPDATE partition_head SET position = 60",
                "UPDATE log_identity SET epoch = 'other'"
            })
    void everyChangeOfTheLogShows(String damage) throws SQLException {
        execute(damage);

        assertThat(verify(Optional.empty()).problems()).isNotEmpty();
    }

    @Test
    void aTailThatWasCutCleanlyShowsAgainstTheAnchor() throws SQLException {
        execute("DELETE FROM event WHERE position > 40;"
                + "UPDATE partition_head SET position = 40, chain = (SELECT chain FROM event WHERE position = 40)");

        assertThat(verify(Optional.empty()).problems()).isEmpty();
        assertThat(verify(Optional.of(head)).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).contains("has seen position 50"));
    }

    @Test
    void aHistoryThatWasWrittenAnewShowsAgainstTheAnchor() throws IOException {
        Files.delete(file);
        write(60);

        assertThat(verify(Optional.of(head)).problems()).isNotEmpty();
    }

    private void write(int events) {
        try (var log = open()) {
            for (int i = 0; i < events; i++) {
                append(log, "s");
            }
        }
    }

    @Test
    void aFlippedByteInThePayloadShows() throws IOException, SQLException {
        var payload = storedPayload();
        var bytes = Files.readAllBytes(file);
        int at = indexOf(bytes, payload);
        try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.seek(at + 17L);
            raw.write(bytes[at + 17] ^ 1);
        }
        FileChecksum.remove(file);

        assertThat(verify(Optional.empty()).problems())
                .anySatisfy(problem -> assertThat(problem.what()).contains("changed"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 4096, 20_000})
    void aTruncatedFileShows(int length) throws IOException {
        try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.setLength(length);
        }
        FileChecksum.remove(file);

        assertThat(shows()).isTrue();
    }

    private boolean shows() {
        try {
            return !verify(Optional.of(head)).problems().isEmpty();
        } catch (StorageException | FlywayException unreadable) {
            return true;
        }
    }

    @Test
    void aFullDiskIsAClearRefusalAndPasses() throws SQLException {
        try (var storage = SqliteLogStorage.open(file, 1);
                var log = EventLog.on(storage).sealedWith(master).random(random).start()) {
            storage.limitPages(storage.pages());
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            append(log, "full");
                        }
                    })
                    .isInstanceOfSatisfying(
                            StorageException.class, e -> assertThat(e.kind()).isEqualTo(StorageException.Kind.FULL));
            storage.limitPages(1_000_000);

            assertThat(append(log, "full")).isInstanceOf(Appended.Written.class);
        }
        assertThat(verify(Optional.of(head)).problems()).isEmpty();
    }

    private Verification verify(Optional<Head> anchor) {
        try (var storage = SqliteLogStorage.open(file, 1)) {
            return Verification.of(storage, anchor, events -> {});
        }
    }

    private byte[] storedPayload() throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
            try (var rows = statement.executeQuery("SELECT payload FROM event WHERE position = 20")) {
                return rows.getBytes(1);
            }
        }
    }

    /// Changes a log as if it happened while it was in use: at rest its [checksum][FileChecksum] tells.
    private void execute(String sql) throws SQLException {
        FileChecksum.remove(file);
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                var statement = connection.createStatement()) {
            for (var part : sql.split(";")) {
                statement.executeUpdate(part);
            }
        }
    }

    private static int indexOf(byte[] bytes, byte[] part) {
        var all = new String(bytes, ISO_8859_1);
        int at = all.indexOf(new String(part, 0, 100, ISO_8859_1));
        assertThat(at).isPositive();
        return at;
    }
}
