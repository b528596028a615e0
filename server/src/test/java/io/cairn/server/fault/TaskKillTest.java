package io.cairn.server.fault;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.adapter.sql.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/// Tasks of several keys, each of which appends an event, are enqueued on two nodes, either of which is killed again
/// and again.
///
/// The tasks of a key append to one stream, so the stream shows whether each was done once and in its turn.
@Tag("fault")
@Timeout(900)
class TaskKillTest {
    private static final int ROUNDS = Rounds.of(8);
    private static final int KEYS = 6;
    private static final Duration DONE_AGAIN_MAX = Duration.ofSeconds(15);
    private static final long PACE_MS = 250;
    private static final int PAGE = 100;

    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @TempDir
    Path folder;

    private final Random random = new Random(20260103);
    private final AtomicIntegerArray acknowledged = new AtomicIntegerArray(KEYS);
    private final CountDownLatch stopping = new CountDownLatch(1);

    @Test
    void eachIsDoneOnceAndInItsTurnWhicheverNodeIsKilled() throws Exception {
        var database = Database.of(DATABASE);
        var gaps = new ArrayList<Long>();
        try (var cluster = Cluster.start(
                        folder, database, database.url(), "--cairn.tasks.lanes.default.order=sequential_hold");
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var clients = IntStream.range(0, KEYS)
                    .<Future<?>>mapToObj(key -> threads.submit(() -> enqueueAlways(cluster, key)))
                    .toList();
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    awaitMore(random.nextInt(10, 60));
                    var victim = cluster.node(round % 2);
                    var other = cluster.node(1 - round % 2);
                    long begun = System.nanoTime();
                    victim.kill();
                    awaitDone(other, counts(), DONE_AGAIN_MAX);
                    gaps.add((System.nanoTime() - begun) / 1_000_000);
                    victim.restart();
                }
            } finally {
                stopping.countDown();
            }
            for (var client : clients) {
                client.get();
            }
            for (var node : cluster.nodes()) {
                awaitDone(node, counts(), Duration.ofMinutes(1));
                for (int key = 0; key < KEYS; key++) {
                    assertThat(numbers(node, key))
                            .as("what the tasks of key %d appended, read from %s", key, node)
                            .isEqualTo(IntStream.range(0, acknowledged.get(key))
                                    .boxed()
                                    .toList());
                }
                assertThat(node.get("/v1/dead-letters").path("items")).isEmpty();
            }
        }
        Collections.sort(gaps);
        System.out.printf(
                "From the kill of a node until all tasks were done that had been acknowledged: median %d ms, longest"
                        + " %d ms, %d kills, %d tasks%n",
                gaps.get(gaps.size() / 2),
                gaps.getLast(),
                gaps.size(),
                counts().stream().mapToInt(Integer::intValue).sum());
    }

    // What the clients do

    private Void enqueueAlways(Cluster cluster, int key) throws InterruptedException {
        var choice = new Random(key);
        while (!stopping.await(PACE_MS, MILLISECONDS)) {
            enqueue(cluster, key, acknowledged.get(key), choice);
            acknowledged.incrementAndGet(key);
        }
        return null;
    }

    /// Sends one task with an id of its own to either node, until it is acknowledged.
    private static void enqueue(Cluster cluster, int key, int number, Random choice) throws InterruptedException {
        var body = """
            {"tasks": [{"id": "%s", "type": "event.append", "key": "k%d", "payload": {
                "stream": {"type": "counted", "id": "k%d"},
                "event": {"type": "counted.on", "payload": {"number": %d}}}}]}\
            """.formatted(id(key, number), key, key, number);
        while (true) {
            var node = cluster.node(choice.nextInt(2));
            try {
                var answer = node.post("/v1/tasks", body);
                if (answer.statusCode() == 202) {
                    return;
                }
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
            } catch (IOException e) {
                // It was killed; whether it took the task shows when the task is sent again.
                cluster.node(choice.nextInt(2)).awaitUp(Duration.ofMillis(50));
            }
        }
    }

    private static UUID id(int key, int number) {
        return new UUID(0x7000L + key, 0x8000_0000_0000_0000L + number);
    }

    // What is held against it

    private List<Integer> counts() {
        return IntStream.range(0, KEYS).map(acknowledged::get).boxed().toList();
    }

    private void awaitMore(int count) {
        int enough = counts().stream().mapToInt(Integer::intValue).sum() + count;
        await().atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> counts().stream().mapToInt(Integer::intValue).sum() >= enough);
    }

    private static void awaitDone(CairnProcess node, List<Integer> counts, Duration most) {
        await().atMost(most)
                .pollInterval(Duration.ofMillis(50))
                .untilAsserted(() -> assertThat(behind(node, counts))
                        .as("keys whose tasks are not all done, and their next ones")
                        .isEmpty());
    }

    private static List<String> behind(CairnProcess node, List<Integer> counts)
            throws IOException, InterruptedException {
        var behind = new ArrayList<String>();
        for (int key = 0; key < KEYS; key++) {
            int done = counts.get(key) == 0 || has(node, key, counts.get(key))
                    ? counts.get(key)
                    : numbers(node, key).size();
            // It may have been done in between.
            if (done < counts.get(key)) {
                behind.add("k%d: %d of %d; %s"
                        .formatted(key, done, counts.get(key), node.get("/v1/tasks/" + id(key, done))));
            }
        }
        return behind;
    }

    private static boolean has(CairnProcess node, int key, int count) throws IOException, InterruptedException {
        return !node.get("/v1/streams/counted/k%d/events?after=%d&limit=1".formatted(key, count - 1))
                .path("items")
                .isEmpty();
    }

    private static List<Integer> numbers(CairnProcess node, int key) throws IOException, InterruptedException {
        var numbers = new ArrayList<Integer>();
        String after = null;
        do {
            var page = node.get("/v1/streams/counted/k%d/events?limit=%d%s"
                    .formatted(key, PAGE, after == null ? "" : "&after=" + after));
            page.path("items")
                    .forEach(event -> numbers.add(event.at("/payload/number").asInt()));
            after = page.path("next").asStringOpt().orElse(null);
        } while (after != null);
        return numbers;
    }
}
