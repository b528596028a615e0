package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.adapter.sql.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// PostgreSQL ends connections of two nodes at random while writers run on both.
@Tag("fault")
@Timeout(1200)
class ConnectionKillTest {
    private static final int ROUNDS = Rounds.of(60);

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    Path folder;

    private final Random random = new Random(20260104);

    @Test
    void connectionsThatAreEndedLoseNothingAndDoubleNothing() throws Exception {
        var database = Database.of(DATABASE);
        long ended = 0;
        try (var cluster = Cluster.start(folder, database, database.url());
                var writers = Writers.start(cluster.nodes(), 6, 3)) {
            for (int round = 0; round < ROUNDS; round++) {
                writers.awaitMore(random.nextInt(1, 30), Duration.ofMinutes(2));
                ended += database.terminate(
                        switch (random.nextInt(4)) {
                            case 0 -> "true";
                            case 1 -> "random() < 0.5";
                            case 2 -> "state LIKE 'idle in transaction%'";
                            default -> "state <> 'idle'";
                        });
            }
            cluster.settles(writers);
            assertThat(ended).isPositive();
        }
    }
}
