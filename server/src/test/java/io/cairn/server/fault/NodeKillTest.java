package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.adapter.sql.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes on one database, either of which is killed at random moments while writers run on both.
@Tag("fault")
@Timeout(1200)
class NodeKillTest {
    private static final int ROUNDS = Rounds.of(6);
    private static final Duration TAKEOVER_MAX = Duration.ofSeconds(15);

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    Path folder;

    private final Random random = new Random(20260102);

    @Test
    void theOtherNodeGoesOnAndNothingAcknowledgedIsLost() throws Exception {
        var database = Database.of(DATABASE);
        var gaps = new ArrayList<Long>();
        try (var cluster = Cluster.start(folder, database, database.url());
                var writers = Writers.start(cluster.nodes(), 6, 3)) {
            for (int round = 0; round < ROUNDS; round++) {
                int victim = random.nextInt(2);
                writers.awaitMore(random.nextInt(3, 60), Duration.ofMinutes(1));
                long begun = System.nanoTime();
                cluster.node(victim).kill();
                writers.awaitMoreFrom(1 - victim, 1, TAKEOVER_MAX);
                gaps.add((System.nanoTime() - begun) / 1_000_000);
                writers.awaitMoreFrom(1 - victim, 20, TAKEOVER_MAX);
                cluster.node(victim).restart();
            }
            cluster.settles(writers);
            assertThat(writers.unanswered()).as("requests that a kill cut off").isPositive();
        }
        Collections.sort(gaps);
        System.out.printf(
                "From the kill of a node to the next write that the other one acknowledged: median %d ms, longest %d ms, %d kills%n",
                gaps.get(gaps.size() / 2), gaps.getLast(), gaps.size());
    }
}
