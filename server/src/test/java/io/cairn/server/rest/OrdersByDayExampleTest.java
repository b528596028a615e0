package io.cairn.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.server.ExampleJar;
import io.cairn.server.RunningCairn;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The projection of `examples/orders-by-day`, compiled and run as its README says.
class OrdersByDayExampleTest {
    @TempDir
    private static Path folder;

    private static Path jar;

    @BeforeAll
    static void compile() throws IOException {
        jar = ExampleJar.of(folder, 1);
    }

    @Test
    @Timeout(120)
    void rowsFollowTheLogAndAreRebuiltAndRolledBack(@TempDir Path data) throws Exception {
        try (var cairn = RunningCairn.startCheaply(data, "--cairn.projections.jars=" + jar)) {
            order(cairn, "17", "990");
            order(cairn, "18", "10");
            order(cairn, "19", "\"many\"");

            awaitPosition(cairn, 3);
            assertThat(rows(data)).containsExactly("default 2026-11-25 2 1000");
            assertThat(cairn.get("/v1/projections/orders-by-day/parked")
                            .has(200)
                            .json()
                            .at("/items/0/key")
                            .asString())
                    .isEqualTo("order/19");
            assertThat(cairn.get("/metrics").has(200).response().body())
                    .contains("projection_parked{projection=\"orders-by-day\"} 1.0");

            var rebuild =
                    cairn.post("/v1/projections/orders-by-day/rebuild", "").has(202);
            assertThat(rebuild.json().path("generation").asInt()).isEqualTo(2);
            awaitGeneration(cairn, 2);
            assertThat(rows(data)).containsExactly("default 2026-11-25 2 1000");

            cairn.post("/v1/projections/orders-by-day/rollback", "").has(202);
            awaitGeneration(cairn, 1);
            order(cairn, "20", "1");
            awaitPosition(cairn, 4);
            assertThat(rows(data)).containsExactly("default 2026-11-25 3 1001");
        }
        try (var cairn = RunningCairn.startCheaply(data, "--cairn.projections.jars=" + jar)) {
            order(cairn, "21", "1");
            awaitPosition(cairn, 5);
            assertThat(rows(data)).containsExactly("default 2026-11-25 4 1002");
        }
    }

    @Test
    @Timeout(120)
    void aNodeWhoseOwnProjectionIsBehindIsNotReady(@TempDir Path data, @TempDir Path jars) throws Exception {
        try (var cairn = RunningCairn.startCheaply(data, "--cairn.projections.jars=" + jar)) {
            order(cairn, "17", "990");
            awaitPosition(cairn, 1);
            await().untilAsserted(() -> cairn.get("/health/ready").has(200));
        }
        var refused = ExampleJar.withAnotherTable(jars, 1);
        try (var cairn = RunningCairn.startCheaply(data, "--cairn.projections.jars=" + refused)) {
            await().untilAsserted(() -> assertThat(
                            cairn.get("/health/ready").has(503).json().path("failing"))
                    .extracting(JsonNode::asString)
                    .containsExactly("projection:orders-by-day"));
        }
        var raised = ExampleJar.withAnotherTable(jars, 2);
        try (var cairn = RunningCairn.startCheaply(data, "--cairn.projections.jars=" + raised)) {
            await().untilAsserted(() -> cairn.get("/health/ready").has(200));
        }
    }

    @Test
    void aJarThatBringsNothingIsNamedAtTheStart(@TempDir Path data) throws IOException {
        var empty = ExampleJar.namingNothing(folder);

        assertThatThrownBy(() -> RunningCairn.startCheaply(data, "--cairn.projections.jars=" + empty))
                .rootCause()
                .hasMessage("%s names nothing in %s", empty, ExampleJar.SERVICE);
        assertThatThrownBy(
                        () -> RunningCairn.startCheaply(data, "--cairn.projections.jars=" + folder.resolve("none.jar")))
                .rootCause()
                .hasMessageContaining("which is no file");
        assertThatThrownBy(() -> RunningCairn.startCheaply(data, "--cairn.projections.jars=%s,%s".formatted(jar, jar)))
                .rootCause()
                .hasMessageContaining("there is one of that name already");
    }

    private static void order(RunningCairn cairn, String id, String cents) {
        cairn.post("/v1/streams/order/%s/events".formatted(id), """
            {"expected": "any", "events": [{"type": "order.placed", "payload": {"day": "2026-11-25", "cents": %s}}]}\
            """.formatted(cents))
                .has(201);
    }

    private static void awaitPosition(RunningCairn cairn, int position) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(status(cairn).path("position").asString()).endsWith("-" + position));
    }

    private static void awaitGeneration(RunningCairn cairn, int generation) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(status(cairn).path("generation").asInt()).isEqualTo(generation));
    }

    private static JsonNode status(RunningCairn cairn) {
        return cairn.get("/v1/projections")
                .has(200)
                .json()
                .path("items")
                .valueStream()
                .filter(item -> item.path("name").asString().equals("orders-by-day"))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> rows(Path data) throws Exception {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + data.resolve("log.db"));
                var found = connection.createStatement().executeQuery("SELECT * FROM orders_by_day ORDER BY day")) {
            var rows = Stream.<String>builder();
            while (found.next()) {
                rows.add("%s %s %d %d"
                        .formatted(found.getString(1), found.getString(2), found.getLong(3), found.getLong(4)));
            }
            return rows.build().toList();
        }
    }
}
