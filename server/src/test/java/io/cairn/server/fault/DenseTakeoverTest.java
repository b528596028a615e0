package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.adapter.sql.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes that share their vectors on pgvector, either of which is killed while writers run on both.
@Tag("fault")
@Timeout(600)
class DenseTakeoverTest {
    private static final int ROUNDS = Rounds.of(4);
    private static final Duration TAKEOVER_MAX = Duration.ofSeconds(15);
    private static final Duration CALM_MAX = Duration.ofSeconds(90);

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    Path folder;

    @Test
    void theOtherNodeTakesThePartitionsOverAndEveryUnitIsThereOnce() throws Exception {
        var database = Database.of(DATABASE);
        var gaps = new ArrayList<Long>();
        try (var cluster = Cluster.start(folder, database, database.url(), "--cairn.recall.dense=pgvector");
                var writers = Writers.start(cluster.nodes(), 4, 3)) {
            for (int round = 0; round < ROUNDS; round++) {
                await().atMost(CALM_MAX).until(() -> held(database) == 8 && holders(database) == 2);
                writers.awaitMore(20, Duration.ofMinutes(1));
                cluster.node(round % 2).kill();
                long begun = System.nanoTime();
                await().atMost(TAKEOVER_MAX).until(() -> held(database) == 8 && holders(database) == 1);
                gaps.add((System.nanoTime() - begun) / 1_000_000);
                cluster.node(round % 2).restart();
            }
            writers.stop();
            for (var node : cluster.nodes()) {
                var answers = new Answers(node);
                await().atMost(CALM_MAX).until(answers::hasCaughtUp);
                assertThat(answers.parked()).isEmpty();
            }
            long messages = writers.acknowledged().keySet().stream()
                    .filter(key -> key.startsWith("c"))
                    .count();
            assertThat(database.number("SELECT count(*) FROM knowledge_base")).isEqualTo(messages);
            assertThat(database.number("SELECT sum(units) FROM knowledge_checkpoint"))
                    .isEqualTo(messages);
            assertThat(database.deadlocks()).isZero();
        }
        Collections.sort(gaps);
        System.out.printf(
                "From the kill of a node to its partitions being followed by the other one: median %d ms, longest %d"
                        + " ms, %d kills%n",
                gaps.get(gaps.size() / 2), gaps.getLast(), gaps.size());
    }

    private static long held(Database database) {
        return database.number("SELECT count(*) FROM lease WHERE name = 'projection:dense' AND holder IS NOT NULL");
    }

    private static long holders(Database database) {
        return database.number("SELECT count(DISTINCT holder) FROM lease WHERE name = 'projection:dense'");
    }
}
