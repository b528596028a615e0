package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.adapter.sql.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// The way between one of two nodes and their database is cut, stalls, slows down and is lost on one side.
@Tag("fault")
@Timeout(1200)
class NetworkTest {
    private static final int ROUNDS = Rounds.of(1);
    private static final Duration TAKEOVER_MAX = Duration.ofSeconds(15);
    private static final Duration BACK_MAX = Duration.ofSeconds(60);
    private static final Duration SLOW = Duration.ofMillis(10);
    private static final int BEHIND_THE_LINK = 0;
    private static final int OTHER = 1;

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    Path folder;

    private final Random random = new Random(20260105);

    @BeforeEach
    void empty() {
        DATABASE.bare();
    }

    @Test
    void aStalledNodeLosesItsHeadsAndComesBackWithoutHarm() throws Exception {
        var database = Database.of(DATABASE);
        try (var link = FaultyLink.to(database.url());
                var cluster = Cluster.start(folder, database, link.through(database.url()));
                var writers = Writers.start(cluster.nodes(), 6, 3)) {
            for (int round = 0; round < ROUNDS; round++) {
                link.delay(SLOW);
                writers.awaitMoreFrom(BEHIND_THE_LINK, 5, BACK_MAX);
                stallInTheMidstOfAWrite(link, database);
                long begun = System.nanoTime();
                writers.awaitMoreFrom(OTHER, 10, TAKEOVER_MAX);
                System.out.printf(
                        "The other node had acknowledged 10 requests %d ms after the link stalled%n",
                        (System.nanoTime() - begun) / 1_000_000);
                writers.awaitMoreFrom(OTHER, 20, TAKEOVER_MAX);
                link.mend();
                writers.awaitMoreFrom(BEHIND_THE_LINK, 5, BACK_MAX);
            }
            cluster.settles(writers);
        }
    }

    /// A transaction that has an id and does nothing has taken the head of a partition.
    private static void stallInTheMidstOfAWrite(FaultyLink link, Database database) {
        await().atMost(BACK_MAX).until(() -> {
            link.stall();
            database.number("SELECT 1 FROM pg_sleep(0.4)");
            boolean met = database.connections(
                            "backend_xid IS NOT NULL AND state = 'idle in transaction' AND state_change < now() -"
                                    + " interval '300 ms'")
                    > 0;
            if (!met) {
                link.mend();
                link.delay(SLOW);
            }
            return met;
        });
    }

    @Test
    void aLinkThatIsCutOrLostOnOneSideLosesNothing() throws Exception {
        var database = Database.of(DATABASE);
        try (var link = FaultyLink.to(database.url());
                var cluster = Cluster.start(
                        folder, database, link.through(database.url()), "--cairn.store.waits.statement=3s");
                var writers = Writers.start(cluster.nodes(), 6, 3)) {
            for (int round = 0; round < ROUNDS; round++) {
                for (int cut = 0; cut < 5; cut++) {
                    writers.awaitMoreFrom(BEHIND_THE_LINK, random.nextInt(1, 10), BACK_MAX);
                    link.cut();
                }
                writers.awaitMoreFrom(BEHIND_THE_LINK, 5, BACK_MAX);
                link.loseNode();
                writers.awaitMoreFrom(OTHER, 5, TAKEOVER_MAX);
                writers.awaitMoreFrom(BEHIND_THE_LINK, 5, BACK_MAX);
                link.loseServer();
                writers.awaitMoreFrom(OTHER, 5, TAKEOVER_MAX);
                writers.awaitMoreFrom(BEHIND_THE_LINK, 5, BACK_MAX);
            }
            assertThat(writers.unexpected()).isEmpty();
            cluster.settles(writers);
        }
    }
}
