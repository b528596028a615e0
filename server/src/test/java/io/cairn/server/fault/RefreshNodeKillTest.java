package io.cairn.server.fault;

import io.cairn.adapter.sql.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Two nodes that share their vectors on pgvector: while one is down, the other goes on with the change.
class RefreshNodeKillTest extends RefreshKillContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Override
    Nodes start(Path folder, List<String> settings) throws IOException {
        var database = Database.of(DATABASE);
        var all = Stream.concat(
                        settings.stream(),
                        Stream.of(
                                "--cairn.recall.dense=pgvector",
                                // Two generations are written to while questions are asked.
                                "--cairn.store.pool.size=6",
                                "--cairn.store.pool.burst=10"))
                .toArray(String[]::new);
        var cluster = Cluster.start(folder, database, database.url(), all);
        return new Nodes() {
            @Override
            public List<CairnProcess> all() {
                return cluster.nodes();
            }

            @Override
            public void close() throws InterruptedException {
                cluster.close();
            }
        };
    }
}
