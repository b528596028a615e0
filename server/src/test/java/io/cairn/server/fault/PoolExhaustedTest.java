package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.adapter.sql.TestDatabase;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// More requests come than there are connections, over a link that makes each of them take long.
@Tag("fault")
@Timeout(600)
class PoolExhaustedTest {
    private static final int READERS = 60;

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    Path folder;

    @Test
    void whoGetsNoConnectionIsToldToComeAgainAndNoneIsLost() throws Exception {
        var database = Database.of(DATABASE);
        try (var link = FaultyLink.to(database.url());
                var cluster = Cluster.start(
                        folder,
                        database,
                        link.through(database.url()),
                        "--cairn.store.pool.size=1",
                        "--cairn.store.pool.burst=2",
                        "--cairn.store.pool.timeout=500ms",
                        "--cairn.store.pool.validation=250ms");
                var writers = Writers.start(cluster.nodes(), 4, 2);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            writers.awaitMore(20, Duration.ofMinutes(1));
            link.delay(Duration.ofMillis(100));
            var reads = IntStream.range(0, READERS)
                    .<Callable<HttpResponse<String>>>mapToObj(
                            i -> () -> cluster.node(0).any("/v1/conversations/c0/messages?limit=10"))
                    .toList();
            var refused = new ArrayList<HttpResponse<String>>();
            for (var read : threads.invokeAll(reads)) {
                switch (read.get().statusCode()) {
                    case 200 -> {}
                    case 503 -> refused.add(read.get());
                    default -> throw new AssertionError(read.get().body());
                }
            }
            link.mend();

            assertThat(refused).isNotEmpty();
            for (var answer : refused) {
                assertThat(answer.headers().firstValue("Retry-After")).isPresent();
                var problem = JsonMapper.shared().readTree(answer.body());
                assertThat(problem.path("code").asString()).as(answer.body()).isEqualTo("storage_busy");
                assertThat(problem.path("remedy").asString()).isNotBlank();
            }
            assertThat(new Answers(cluster.node(0))
                            .metric("db_pool_exhausted_total")
                            .values())
                    .anyMatch(count -> count > 0);
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> cluster.node(0)
                                    .any("/v1/conversations/c0/messages?limit=10")
                                    .statusCode()
                            == 200);
            cluster.settles(writers);
        }
    }
}
