package io.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.archive.Verification;
import io.cairn.server.wiring.OfflineLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A log of which something was damaged: who asks for that is told what it is and who has to act, and all else goes on.
abstract class DamagedLogContract {
    @TempDir
    Path temp;

    /// Where the log is kept.
    abstract List<String> settings();

    /// What of the log `cairn verify` could change.
    abstract Map<String, ?> contents() throws IOException;

    /// SQL for as many zeros as a column has bytes.
    abstract String zeros(String column);

    /// Changes at least one row of the log by SQL, as if it happened while a server ran on it.
    abstract void damage(String sql) throws SQLException, IOException;

    private RunningCairn start() {
        var settings = new ArrayList<>(settings());
        settings.add("--logging.level.io.cairn=off");
        return RunningCairn.start(temp, settings, CheapEmbeddings.class);
    }

    @Test
    void aDamagedEventIsNamedToWhoeverAsksForItAndNothingElseFails() throws Exception {
        write();
        damage("UPDATE event SET payload = " + zeros("payload") + " WHERE stream_id = 'broken'");
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
        damage("UPDATE blob SET sealed = " + zeros("sealed"));
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
        damage("UPDATE blob SET sealed = " + zeros("sealed") + " WHERE part = 0");
        assertThat(problems()).hasSize(1).first().asString().contains("document", "not as it was written");
        damage("DELETE FROM blob");
        assertThat(problems()).hasSize(1).first().asString().contains("document", "is missing");
        damage("UPDATE subject_key SET wrapped = " + zeros("wrapped") + " WHERE subject LIKE '%sound%'");
        assertThat(problems()).hasSize(2).first().asString().contains("the key of its subject", "sound", "was changed");
        damage("DELETE FROM subject_key WHERE subject LIKE '%sound%'");
        assertThat(problems()).hasSize(2).first().asString().contains("the key of its subject", "sound", "is missing");
    }

    @Test
    void verifyWithoutTheMasterKeySaysThatItCouldNotOpenAnything() throws Exception {
        write();
        Files.delete(temp.resolve("master.key"));
        assertThat(verified().opened()).isFalse();
    }

    @Test
    void verifyChangesNothingNotEvenTheSchema() throws Exception {
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
    void verifyOfASoundLogChangesNothingEither() throws Exception {
        write();
        var before = contents();
        assertThat(problems()).isEmpty();
        assertThat(contents()).isEqualTo(before);
    }

    private List<Verification.Problem> problems() {
        var found = verified();
        assertThat(found.opened()).isTrue();
        return found.problems();
    }

    private Verification verified() {
        var settings = new ArrayList<>(settings());
        settings.add("--cairn.data=" + temp);
        return OfflineLog.verify(settings, events -> {});
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
}
