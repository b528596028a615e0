package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The process is killed at random moments while writers run, again and again.
@Tag("fault")
class KillTest {
    private static final int KILLS = Integer.getInteger("cairn.test.kills", 50);
    private static final int WRITERS = 4;
    private static final int BATCH = 2;

    @TempDir
    Path folder;

    private final Random random = new Random(20260101);
    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> unexpected = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private CairnProcess cairn;

    @BeforeEach
    void start() throws IOException {
        cairn = CairnProcess.start(folder.resolve("data"));
    }

    @AfterEach
    void stop() throws InterruptedException {
        cairn.stop();
    }

    @Test
    void everyAcknowledgedMessageSurvivesFiftyKills() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writers = new ArrayList<Future<?>>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                writers.add(threads.submit(() -> write(number)));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                int enough = acknowledged.size() + BATCH * random.nextInt(1, 12);
                await().atMost(Duration.ofMinutes(1))
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> acknowledged.size() >= enough);
                cairn.killAndRestart();
            }
            stopping.set(true);
            for (var writer : writers) {
                writer.get();
            }
        }

        assertThat(unexpected).isEmpty();
        assertThat(stored()).containsAllEntriesOf(acknowledged);
        assertThat(recalls(false)).isEqualTo(recalls(true));
        cairn.stop();
        assertThat(cairn.verify()).as(cairn::log).isZero();
    }

    /// Adds batches until it is told to stop; a batch of unknown fate is sent again, as a client would.
    private void write(int writer) {
        for (int batch = 0; !stopping.get(); batch++) {
            var ids = ids(writer, batch);
            while (!sent(writer, ids)) {
                if (stopping.get()) {
                    return;
                }
            }
        }
    }

    private boolean sent(int writer, List<String> ids) {
        try {
            var answer = cairn.post("/v1/conversations/w" + writer + "/messages", body(ids));
            if (answer.statusCode() == 200 || answer.statusCode() == 201) {
                JsonMapper.shared()
                        .readTree(answer.body())
                        .path("messages")
                        .forEach(message -> acknowledged.put(
                                "w" + writer + "/" + message.path("id").asString(),
                                message.path("sequence").asLong()));
                return true;
            }
            if (answer.statusCode() != 503) {
                unexpected.add(answer.statusCode() + " " + answer.body());
            }
            return false;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> ids(int writer, int batch) {
        return IntStream.range(0, BATCH)
                .mapToObj(i -> "m-%d-%d-%d".formatted(writer, batch, i))
                .toList();
    }

    /// One word, so that a question for it has one best answer whatever the indexes' statistics are.
    private static String word(String id) {
        return id.replace("-", "x");
    }

    private static String body(List<String> ids) {
        var json = JsonMapper.shared().createObjectNode();
        var messages = json.putArray("messages");
        ids.forEach(id -> messages.addObject()
                .put("id", id)
                .put("role", "user")
                .put("at", "2026-01-01T00:00:00Z")
                .put("content", "Parcel " + word(id) + " was handed to the courier."));
        return json.toString();
    }

    private Map<String, Long> stored() throws IOException, InterruptedException {
        var stored = new HashMap<String, Long>();
        for (int writer = 0; writer < WRITERS; writer++) {
            var after = "0";
            JsonNode page;
            do {
                page = cairn.get("/v1/conversations/w" + writer + "/messages?limit=100&after=" + after);
                for (var message : page.path("items")) {
                    stored.put(
                            "w" + writer + "/" + message.path("id").asString(),
                            message.path("sequence").asLong());
                }
                after = page.path("next").asString("");
            } while (!after.isEmpty());
        }
        return stored;
    }

    /// The best answer to some questions, from the indexes as they are or built anew.
    private Map<String, String> recalls(boolean anew) throws IOException, InterruptedException {
        if (anew) {
            for (var projection : List.of("lexical", "dense")) {
                long generation = generation(projection);
                assertThat(cairn.post("/v1/projections/" + projection + "/rebuild", "{}")
                                .statusCode())
                        .isEqualTo(202);
                await().atMost(Duration.ofMinutes(5)).until(() -> generation(projection) > generation);
            }
        }
        await().atMost(Duration.ofMinutes(5)).until(this::caughtUp);
        var answers = new HashMap<String, String>();
        for (var message : acknowledged.keySet().stream().sorted().limit(20).toList()) {
            var query = JsonMapper.shared()
                    .createObjectNode()
                    .put("query", "parcel " + word(message.substring(message.indexOf('/') + 1)))
                    .toString();
            var hits = JsonMapper.shared()
                    .readTree(cairn.post("/v1/recall", query).body())
                    .path("hits");
            answers.put(message, hits.path(0).path("id").asString());
        }
        return answers;
    }

    private long generation(String projection) throws IOException, InterruptedException {
        return projections()
                .filter(found -> found.path("name").asString().equals(projection))
                .findFirst()
                .orElseThrow()
                .path("generation")
                .asLong();
    }

    private boolean caughtUp() throws IOException, InterruptedException {
        return projections().allMatch(found -> found.path("events_behind").asLong() == 0);
    }

    private Stream<JsonNode> projections() throws IOException, InterruptedException {
        return cairn.get("/v1/status").path("projections").valueStream();
    }
}
