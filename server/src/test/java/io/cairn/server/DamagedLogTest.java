package io.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.model.EmbeddingModel;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/// A log of which something was damaged: who asks for that is told what it is and who has to act, and all else goes on.
class DamagedLogTest {
    @TempDir
    Path temp;

    @Configuration(proxyBeanMethods = false)
    static class Cheap {
        @Bean
        @Primary
        EmbeddingModel cheap() {
            return EmbeddingModel.inMemory(8);
        }
    }

    private RunningCairn start() {
        return RunningCairn.start(temp, List.of("--logging.level.io.cairn=off"), Cheap.class);
    }

    @Test
    void aDamagedEventIsNamedToWhoeverAsksForItAndNothingElseFails() throws SQLException {
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
    void aDamagedPartOfADocumentIsNoFaultOfTheServers() throws SQLException {
        write();
        damage("UPDATE blob SET sealed = zeroblob(length(sealed))");
        try (var cairn = start()) {
            cairn.get("/v1/documents/plan").isProblem(503, "storage_damaged");
            cairn.get("/v1/conversations/sound/messages").has(200);
            cairn.post("/v1/recall", "{\"query\":\"harvest\"}").has(200);
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

    private void damage(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + temp.resolve("log.db"));
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }
}
