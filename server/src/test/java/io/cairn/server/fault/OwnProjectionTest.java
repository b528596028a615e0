package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.adapter.sql.TestDatabase;
import io.cairn.server.ExampleJar;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// A user's own projection, which two nodes share.
@Tag("fault")
@Timeout(600)
class OwnProjectionTest {
    private static final String NAME = "orders-by-day";
    private static final Duration CALM_MAX = Duration.ofSeconds(60);

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    Path folder;

    private final Database database = Database.of(DATABASE);
    private int orders;

    @Test
    void itsRowsOutliveAKilledNodeAndANewVersionRollsOut() throws Exception {
        var jar = ExampleJar.of(folder, 1);
        try (var cluster = Cluster.start(folder, database, database.url(), "--cairn.projections.jars=" + jar)) {
            var one = cluster.node(0);
            var other = cluster.node(1);
            place(one, 20);
            place(other, 20);
            awaitCounted(one, other);

            one.kill();
            place(other, 20);
            awaitCounted(other);
            one.restart();
            awaitCounted(one, other);

            ExampleJar.of(folder, 2);
            other.kill();
            other.restart();
            await().atMost(CALM_MAX).until(() -> new Answers(other).generation(NAME) == 2);
            place(one, 10);
            place(other, 10);
            awaitCounted(other);

            var refused = one.post("/v1/projections/%s/rebuild".formatted(NAME), "");
            assertThat(refused.statusCode()).as(refused.body()).isEqualTo(409);
            assertThat(refused.body()).contains("node_outdated", "Version 2", "this node has version 1");
        }
    }

    /// Each order has a stream of its own, so all of them are in the one partition of their tenant.
    private void place(CairnProcess node, int count) throws IOException, InterruptedException {
        for (int i = 0; i < count; i++) {
            var answer = node.post("/v1/streams/order/%d/events".formatted(orders), """
                    {"expected": "none", "events": [{"type": "order.placed", "payload": {"day": "2026-11-25", "cents": 5}}]}""");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            orders++;
        }
    }

    private void awaitCounted(CairnProcess... nodes) {
        for (var node : nodes) {
            await().atMost(CALM_MAX).until(() -> new Answers(node).hasCaughtUp());
        }
        assertThat(database.number("SELECT sum(orders) FROM orders_by_day")).isEqualTo(orders);
        assertThat(database.number("SELECT sum(cents) FROM orders_by_day")).isEqualTo(5L * orders);
    }
}
