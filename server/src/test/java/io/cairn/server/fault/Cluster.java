package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/// Two servers in processes of their own on one PostgreSQL database.
final class Cluster implements AutoCloseable {
    private static final Duration CALM_MAX = Duration.ofSeconds(90);
    private static final int QUESTIONS = 10;

    private final Database database;
    private final List<CairnProcess> nodes = new ArrayList<>();

    private Cluster(Database database) {
        this.database = database;
    }

    /// The first node founds the log and makes the master key before the second one starts.
    ///
    /// @param url by which the first node reaches the database; the second one goes there directly
    /// @param settings of both nodes besides those of the store
    static Cluster start(Path folder, Database database, String url, String... settings) throws IOException {
        var password = Files.writeString(folder.resolve("password"), database.password());
        var cluster = new Cluster(database);
        for (var reached : List.of(url, database.url())) {
            var all = new ArrayList<>(List.of(
                    "--cairn.master-key-file=" + folder.resolve("shared-master.key"),
                    "--cairn.store.url=" + reached,
                    "--cairn.store.user=" + database.user(),
                    "--cairn.store.password-file=" + password,
                    // A minute without the database, as is the default, would be most of a test.
                    "--cairn.store.breaker.open=5s"));
            all.addAll(List.of(settings));
            if (all.stream().noneMatch(setting -> setting.startsWith("--cairn.store.pool.size="))) {
                all.addAll(List.of("--cairn.store.pool.size=2", "--cairn.store.pool.burst=10"));
            }
            var data = folder.resolve("node" + cluster.nodes.size());
            cluster.nodes.add(CairnProcess.start(data, all.toArray(String[]::new)));
        }
        return cluster;
    }

    List<CairnProcess> nodes() {
        return List.copyOf(nodes);
    }

    CairnProcess node(int number) {
        return nodes.get(number);
    }

    /// Ends the writers and holds everything to what was promised: both nodes are well, hold what was acknowledged and
    /// nothing else, say the same, and have let go of every connection; the log is whole.
    void settles(Writers writers) throws IOException, InterruptedException, ExecutionException {
        writers.stop();
        for (var node : nodes) {
            assertThat(node.isAlive()).isTrue();
            await().atMost(CALM_MAX).until(() -> new Answers(node).isReady());
        }
        var held = Held.by(nodes.getFirst(), writers);
        held.isAsAcknowledged(writers);
        assertThat(Held.by(nodes.getLast(), writers)).isEqualTo(held);
        findsTheSame(writers);
        letsGo();
        for (var node : nodes) {
            assertThat(node.verify()).as(node::log).isZero();
        }
    }

    private void findsTheSame(Writers writers) throws IOException, InterruptedException {
        var questions = writers.questions(QUESTIONS);
        for (var node : nodes) {
            var answers = new Answers(node);
            catchesUp(answers);
            assertThat(answers.parked()).isEmpty();
            assertThat(answers.best(questions))
                    .allSatisfy((asked, best) -> assertThat(best).isEqualTo(asked));
        }
    }

    /// However long it takes on a busy machine, it goes on all the time.
    private static void catchesUp(Answers answers) throws IOException, InterruptedException {
        for (long behind = answers.behind(); behind > 0; behind = answers.behind()) {
            long before = behind;
            await().atMost(CALM_MAX).until(() -> answers.behind() < before);
        }
    }

    /// No connection is out, and PostgreSQL has seen no deadlock.
    void letsGo() throws IOException {
        for (var node : nodes) {
            var answers = new Answers(node);
            for (var metric : List.of("db_connections_active", "db_connections_waiting")) {
                await().atMost(CALM_MAX)
                        .untilAsserted(() -> assertThat(answers.metric(metric))
                                .hasSize(3)
                                .allSatisfy((pool, connections) ->
                                        assertThat(connections).isZero()));
            }
        }
        await().atMost(CALM_MAX).until(() -> database.connections("state LIKE 'idle in transaction%'") == 0);
        assertThat(database.deadlocks()).isZero();
    }

    @Override
    public void close() throws InterruptedException {
        for (var node : nodes) {
            node.stop();
        }
    }
}
