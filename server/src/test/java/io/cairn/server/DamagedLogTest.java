package io.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.archive.Verification;
import io.cairn.server.wiring.OfflineLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log of which something was damaged: who asks for that is told what it is and who has to act, and all else goes on.
class DamagedLogTest {
    @TempDir
    Path temp;

    private RunningCairn start() {
        return RunningCairn.start(temp, List.of("--logging.level.io.cairn=off"), CheapEmbeddings.class);
    }

    @Test
    void aDamagedEventIsNamedToWhoeverAsksForItAndNothingElseFails() throws Exception {
        write();
        damage("UPDATE event SET payload = zeroblob(length(payload)) WHERE stream_id = 'broken'");
        try (var cairn = start()) {
            var refused = cairn.get("/v1/conversations/broken/messages").isProblem(503, "storage_damaged");
            assertThat(refused.text("/detail")).contains("Event 1 of conversation/broken", "damaged");
            assertThat(refused.text("/remedy")).contains("cairn verify", "backup");
            cairn.get("/v1/conversations/sound/messages").has(200);
            cairn.post("/v1/recall", "{\"query\":\"harvest\"}").has(200);
            assertThat(cairn.get("/v1/streams/conversation/broken/events")
                            .has(200)
                            .text("/items/0/payload_error"))
                    .contains("is damaged");
        }
    }

    @Test
    void aDamagedPartOfADocumentIsNoFaultOfTheServers() throws Exception {
        write();
        damage("UPDATE blob SET sealed = zeroblob(length(sealed))");
        try (var cairn = start()) {
            cairn.get("/v1/documents/plan").isProblem(503, "storage_damaged");
            cairn.get("/v1/conversations/sound/messages").has(200);
            cairn.post("/v1/recall", "{\"query\":\"harvest\"}").has(200);
        }
    }

    @Test
    void verifySeesWhatIsMissingOrDamagedBesideTheEvents() throws Exception {
        write();
        assertThat(problems()).isEmpty();
        damage("UPDATE blob SET sealed = zeroblob(length(sealed)) WHERE part = 0");
        assertThat(problems()).hasSize(1).first().asString().contains("document", "not as it was written");
        damage("DELETE FROM blob");
        assertThat(problems()).hasSize(1).first().asString().contains("document", "is missing");
        damage("UPDATE subject_key SET wrapped = zeroblob(length(wrapped)) WHERE subject LIKE '%sound%'");
        assertThat(problems()).hasSize(2).first().asString().contains("the key of its subject", "sound", "was changed");
        damage("DELETE FROM subject_key WHERE subject LIKE '%sound%'");
        assertThat(problems()).hasSize(2).first().asString().contains("the key of its subject", "sound", "is missing");
    }

    @Test
    void verifyWithoutTheMasterKeySaysThatItCouldNotOpenAnything() throws Exception {
        write();
        Files.delete(temp.resolve("master.key"));
        assertThat(OfflineLog.verify(List.of("--cairn.data=" + temp), events -> {})
                        .opened())
                .isFalse();
    }

    @Test
    void verifyChangesNothing() throws Exception {
        write();
        damage("DELETE FROM flyway_schema_history"
                + " WHERE installed_rank = (SELECT max(installed_rank) FROM flyway_schema_history)");
        var before = contents();
        assertThatThrownBy(this::problems)
                .hasMessageContaining("schema")
                .hasMessageContaining("start this one on it first");
        assertThat(contents()).isEqualTo(before);
    }

    @Test
    void verifyLeavesNoFileBehind() throws Exception {
        write();
        var before = contents();
        assertThat(problems()).isEmpty();
        assertThat(contents()).isEqualTo(before);
    }

    private List<Verification.Problem> problems() {
        var found = OfflineLog.verify(List.of("--cairn.data=" + temp), events -> {});
        assertThat(found.opened()).isTrue();
        return found.problems();
    }

    /// What each file of the folder holds.
    private Map<String, String> contents() throws IOException {
        try (var files = Files.walk(temp)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains("natives"))
                    .collect(Collectors.toMap(Path::toString, DamagedLogTest::digest));
        }
    }

    private static String digest(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private void write() {
        try (var cairn = start()) {
            for (var conversation : List.of("broken", "sound")) {
                cairn.post(
                                "/v1/conversations/" + conversation + "/messages",
                                "{\"messages\":[{\"role\":\"user\",\"content\":\"The harvest begins.\"}]}")
                        .has(201);
            }
            cairn.post("/v1/documents", "{\"id\":\"plan\",\"content\":\"The harvest is planned.\"}")
                    .has(201);
        }
    }

    /// Damages a log as if it happened while a server ran on it: at rest its checksum tells, whatever was damaged.
    private void damage(String sql) throws SQLException, IOException {
        Files.deleteIfExists(temp.resolve("log.db.checksum"));
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + temp.resolve("log.db"));
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }
}
