package io.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.adapter.sql.TestDatabase;
import io.cairn.server.wiring.OfflineLog;
import io.cairn.server.wiring.StartProblems;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A server whose log is on PostgreSQL, for its users like any other.
class StoreTest {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    Path temp;

    @Test
    void twoNodesShareALog() {
        DATABASE.bare();
        var data = temp.resolve("one");
        try (var one = RunningCairn.start(data, settings())) {
            var other = settings("--cairn.master-key-file=" + data.resolve("master.key"));
            try (var two = RunningCairn.start(temp.resolve("two"), other)) {
                say(one, "c1", "The heron stands in the reeds.");
                say(two, "c2", "The heron has flown away.");

                for (var node : List.of(one, two)) {
                    await().untilAsserted(() -> assertThat(node.post("/v1/recall", "{\"query\":\"heron\"}")
                                    .has(200)
                                    .response()
                                    .body())
                            .contains("stands in the reeds", "flown away"));
                }
                assertThat(one.get("/metrics").has(200).response().body())
                        .contains("db_connections_active{pool=\"read\"}", "db_pool_exhausted_total");
            }
        }
        assertThat(data.resolve("log.db")).doesNotExist();
        assertThat(data.resolve("vectors.db")).doesNotExist();

        var verify = new ArrayList<>(settings());
        verify.add("--cairn.data=" + data);
        var found = OfflineLog.verify(verify, events -> {});
        assertThat(found.events()).isEqualTo(2);
        assertThat(found.problems()).isEmpty();
    }

    @Test
    void twoNodesShareTheirVectorsOnPgvector() {
        DATABASE.bare();
        var data = temp.resolve("one");
        try (var one = RunningCairn.start(data, settings("--cairn.recall.dense=pgvector"))) {
            var other =
                    settings("--cairn.recall.dense=pgvector", "--cairn.master-key-file=" + data.resolve("master.key"));
            try (var two = RunningCairn.start(temp.resolve("two"), other)) {
                say(one, "c1", "My sister adopted a puppy last week.");
                say(two, "c2", "The train to Vienna leaves at dawn.");

                for (var node : List.of(one, two)) {
                    await().untilAsserted(() -> {
                        var answer = node.post("/v1/recall", "{\"query\":\"Who got a dog?\"}")
                                .has(200);
                        assertThat(answer.json().path("dense").asString()).isEqualTo("complete");
                        assertThat(answer.response().body()).contains("adopted a puppy");
                    });
                }
                assertThat(DATABASE.number("SELECT count(*)::int FROM knowledge_base"))
                        .isEqualTo(2);
                await().untilAsserted(
                                () -> assertThat(passages(one)).isEqualTo(2).isEqualTo(passages(two)));
                assertThat(one.get("/metrics").has(200).response().body())
                        .contains("db_connections_active{pool=\"dense\"}");

                one.post("/v1/projections/dense/rebuild", "{}").has(202);
                for (var node : List.of(one, two)) {
                    await().untilAsserted(() ->
                            assertThat(dense(node).path("generation").asInt()).isEqualTo(2));
                }
                two.post("/v1/projections/dense/rollback", "{}").has(202);
                for (var node : List.of(one, two)) {
                    await().untilAsserted(() ->
                            assertThat(dense(node).path("generation").asInt()).isEqualTo(1));
                }
                await().untilAsserted(() -> assertThat(holders()).isEqualTo(2));
            }
            assertThat(holders()).as("a node that stops gives its leases back").isEqualTo(1);
            say(one, "c1", "The puppy sleeps on the sofa.");
            await().untilAsserted(() -> assertThat(passages(one)).isEqualTo(3));
        }
        assertThat(data.resolve("index/dense")).doesNotExist();
    }

    private static int holders() {
        return DATABASE.number("SELECT count(DISTINCT holder)::int FROM lease");
    }

    private static int passages(RunningCairn node) {
        for (var part : node.get("/health/detailed").has(200).json().path("components")) {
            if (part.path("name").asString().equals("projection:dense")) {
                return part.path("figures").path("passages").asInt();
            }
        }
        throw new AssertionError("health does not know projection:dense");
    }

    private static JsonNode dense(RunningCairn node) {
        for (var projection : node.get("/v1/projections").has(200).json().path("items")) {
            if (projection.path("name").asString().equals("dense")) {
                return projection;
            }
        }
        throw new AssertionError("there is no dense projection");
    }

    @Test
    void anExportOfAFileIsTakenInByADatabase() {
        DATABASE.bare();
        var data = temp.resolve("laptop");
        String lines;
        try (var laptop = RunningCairn.start(data)) {
            say(laptop, "c1", "The heron stands in the reeds.");
            lines = laptop.get("/v1/export").has(200).response().body();
        }
        var settings = settings("--cairn.master-key-file=" + data.resolve("master.key"));
        try (var cluster = RunningCairn.start(temp.resolve("node"), settings)) {
            cluster.send(cluster.request("/v1/import")
                            .header("Content-Type", "application/x-ndjson")
                            .POST(BodyPublishers.ofString(lines)))
                    .has(200);

            assertThat(cluster.get("/v1/conversations/c1/messages")
                            .has(200)
                            .response()
                            .body())
                    .contains("stands in the reeds");
        }
    }

    @Test
    void aNodeWithAnotherMasterKeyDoesNotStart() throws Exception {
        DATABASE.bare();
        RunningCairn.start(temp.resolve("one"), settings()).close();
        var key = Files.writeString(temp.resolve("other.key"), "0".repeat(64));
        Files.setPosixFilePermissions(key, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));

        assertThat(refusal(settings("--cairn.master-key-file=" + key))).contains("not the one that sealed this log");
    }

    @Test
    void aBadStoreIsRefusedByItsKey() {
        assertThat(refusal(List.of("--cairn.store.url=jdbc:mysql://h/d"))).contains("cairn.store", "jdbc:mysql://h/d");
        assertThat(refusal(List.of("--cairn.recall.dense=pgvector")))
                .contains("cairn.recall.dense is pgvector, which needs the log on PostgreSQL");
        assertThat(refusal(List.of("--cairn.recall.dense=oracle"))).contains("cairn.recall.dense", "oracle");
        assertThat(refusal(List.of("--cairn.store.user=cairn"))).contains("cairn.store.url is missing");
        assertThat(refusal(List.of("--cairn.store.url=jdbc:postgresql://db.example.org/d?sslmode=disable")))
                .contains("cairn.store", "in the clear");
        assertThat(refusal(List.of("--cairn.store.url=jdbc:postgresql://localhost/d", "--cairn.store.pool.size=0")))
                .contains("cairn.store.pool", "at least one connection");
        assertThat(refusal(List.of("--cairn.store.url=jdbc:postgresql://127.0.0.1:1/d")))
                .contains("the log cannot be opened: PostgreSQL could not be reached");
    }

    private static void say(RunningCairn cairn, String conversation, String content) {
        cairn.post(
                        "/v1/conversations/" + conversation + "/messages",
                        "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}".formatted(content))
                .has(201);
    }

    private static List<String> settings(String... more) {
        return StoreSettings.of(DATABASE, more);
    }

    private String refusal(List<String> settings) {
        var failure = ThrowableAssert.catchThrowable(
                () -> RunningCairn.start(temp.resolve("refused"), settings).close());
        assertThat(failure).isNotNull();
        return StartProblems.sentence(failure).orElseThrow(() -> new AssertionError("No sentence for it", failure));
    }
}
