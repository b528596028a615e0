package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// PostgreSQL is shut down under two nodes, gently and as in a crash, and comes back.
@Tag("fault")
@Timeout(1200)
class DatabaseRestartTest {
    private static final int ROUNDS = Rounds.of(4);
    private static final Duration BACK_MAX = Duration.ofSeconds(90);

    @TempDir
    Path folder;

    private final Random random = new Random(20260103);

    @Test
    void nodesOutliveTheirDatabaseAndNothingAcknowledgedIsLost() throws Exception {
        try (var postgres = PrivatePostgres.start();
                var cluster = Cluster.start(
                        folder, postgres.database(), postgres.database().url(), "--cairn.store.pool.timeout=5s");
                var writers = Writers.start(cluster.nodes(), 6, 3)) {
            for (int round = 0; round < ROUNDS; round++) {
                writers.awaitMore(random.nextInt(20, 100), Duration.ofMinutes(1));
                postgres.stop(round % 2 == 0 ? PrivatePostgres.Stop.IMMEDIATE : PrivatePostgres.Stop.FAST);
                int refused = writers.refusals().size();
                writers.awaitRefusals(refused + 2, Duration.ofMinutes(1));
                postgres.up();
                long begun = System.nanoTime();
                writers.awaitMoreFrom(0, 5, BACK_MAX);
                writers.awaitMoreFrom(1, 5, BACK_MAX);
                System.out.printf(
                        "Both nodes write again %d ms after their database was back%n",
                        (System.nanoTime() - begun) / 1_000_000);
            }
            cluster.settles(writers);
            assertThat(writers.refusals()).isNotEmpty();
        }
    }
}
