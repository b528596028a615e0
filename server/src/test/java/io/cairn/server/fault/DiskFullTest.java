package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The disk under the real process fills up while writers run, and gets room again.
@Tag("fault")
@Timeout(600)
class DiskFullTest {
    private static final int DISK_MEGABYTES = 256;
    private static final long ROOM_BYTES = 16L << 20;
    private static final int WRITERS = 4;
    private static final int REFUSALS_ENOUGH = 20;
    private static final int EVENT_BYTES = 64 << 10;

    @TempDir
    Path folder;

    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> unexpected = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<HttpResponse<String>> refusals = new ConcurrentLinkedQueue<>();
    private final AtomicLong acknowledgedEvents = new AtomicLong();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private SmallDisk disk;
    private CairnProcess cairn;

    @BeforeEach
    void start() throws Exception {
        assumeThat(SmallDisk.isPossible(folder))
                .as("a small disk takes root and mount")
                .isTrue();
        disk = SmallDisk.mounted(folder.resolve("data"), DISK_MEGABYTES);
        cairn = CairnProcess.start(disk.path(), "--cairn.limits.free-disk=4MB", "--cairn.log.max-wait=10s");
    }

    @AfterEach
    void stop() throws Exception {
        stopping.set(true);
        if (cairn != null) {
            cairn.stop();
        }
        if (disk != null) {
            disk.close();
        }
    }

    @Test
    void aFullDiskIsRefusedClearlyAndWithRoomAgainEverythingGoesOn() throws Exception {
        cairn.post("/v1/conversations/w0/messages", message("m-first"));
        await().atMost(Duration.ofMinutes(1)).until(() -> committed("lexical") && committed("dense"));
        var ballast = disk.ballast(ROOM_BYTES);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writers = new ArrayList<Future<?>>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int number = writer;
                writers.add(threads.submit(() -> write(number)));
            }
            whenFull();
            Files.delete(ballast);
            long before = acknowledged.size();
            await().atMost(Duration.ofMinutes(1)).until(() -> acknowledged.size() > before + 100);
            stopping.set(true);
            for (var writer : writers) {
                writer.get();
            }
        } finally {
            stopping.set(true);
        }

        var answers = new Answers(cairn);
        assertThat(cairn.isAlive()).isTrue();
        assertThat(unexpected).isEmpty();
        assertThat(stored()).containsAllEntriesOf(acknowledged);
        await().atMost(Duration.ofMinutes(3)).until(answers::hasCaughtUp);
        await().atMost(Duration.ofSeconds(20))
                .until(() ->
                        cairn.get("/health/ready").path("status").asString().equals("up"));
        assertThat(answers.parked()).isEmpty();
        var questions = acknowledged.keySet().stream()
                .sorted()
                .limit(20)
                .collect(Collectors.toMap(
                        Function.identity(), key -> "parcel " + word(key.substring(key.indexOf('/') + 1))));
        answers.best(questions).forEach((message, best) -> assertThat(best).isEqualTo(message));
        cairn.stop();
        assertThat(cairn.verify()).as(cairn::log).isZero();
    }

    /// Whether there is something that an index can fall back to.
    private boolean committed(String index) {
        return Files.exists(disk.path().resolve("index/" + index + "/1/segments_1"));
    }

    /// Every writer is refused by now, and the indexes cannot go on either.
    private void whenFull() throws IOException, InterruptedException {
        await().atMost(Duration.ofMinutes(3)).until(() -> refusals.size() >= REFUSALS_ENOUGH);
        assertThat(acknowledgedEvents.get()).isPositive();
        for (var refusal : refusals) {
            var problem = JsonMapper.shared().readTree(refusal.body());
            assertThat(refusal.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
            assertThat(problem.path("code").asString()).isEqualTo("storage_full");
            assertThat(problem.path("remedy").asString()).isNotBlank();
            assertThat(problem.path("correlation_id").asString()).isNotBlank();
        }
        var form = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n"
                + "Content-Type: text/plain\r\n\r\n" + "word ".repeat(2_000_000) + "\r\n--x--\r\n";
        assertThat(cairn.post("/v1/documents", "multipart/form-data; boundary=x", form)
                        .statusCode())
                .isEqualTo(507);
        await().atMost(Duration.ofMinutes(2)).until(() -> cairn.log().contains("Projection lexical cannot go on"));
        var soFar = new HashMap<>(acknowledged);
        assertThat(stored()).containsAllEntriesOf(soFar);
        var recalled = cairn.post("/v1/recall", "{\"query\":\"parcel\"}");
        assertThat(recalled.statusCode()).as(recalled.body()).isEqualTo(200);
        assertThat(JsonMapper.shared().readTree(recalled.body()).path("hits")).isNotEmpty();
        var ready = cairn.any("/health/ready");
        assertThat(ready.statusCode())
                .as("a balancer must not take away what can be read: %s", ready.body())
                .isEqualTo(200);
        assertThat(ready.body()).contains("\"status\":\"degraded\"", "projection:lexical");
        var health = cairn.any("/health/detailed").body();
        assertThat(health).contains("Little room is left", "The last write failed");
    }

    /// Adds messages and large events until it is told to stop; what is refused is sent again, as a
    /// client would.
    private void write(int writer) {
        for (int batch = 0; !stopping.get(); batch++) {
            var id = "m-%d-%d".formatted(writer, batch);
            until(
                    "/v1/conversations/w" + writer + "/messages",
                    message(id),
                    answer -> answer.path("messages")
                            .forEach(message -> acknowledged.put(
                                    "w" + writer + "/" + message.path("id").asString(),
                                    message.path("sequence").asLong())));
            until(
                    "/v1/streams/parcel/p" + writer + "/events",
                    event(id),
                    answer -> acknowledgedEvents.incrementAndGet());
        }
    }

    private interface Accepted {
        void told(JsonNode answer);
    }

    private void until(String path, String body, Accepted accepted) {
        while (!stopping.get()) {
            try {
                var answer = cairn.post(path, body);
                switch (answer.statusCode()) {
                    case 200, 201 -> {
                        accepted.told(JsonMapper.shared().readTree(answer.body()));
                        return;
                    }
                    case 507 -> refusals.add(answer);
                    case 503 -> {}
                    default -> unexpected.add(answer.statusCode() + " " + answer.body());
                }
            } catch (IOException e) {
                unexpected.add(e.toString());
                return;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static String word(String id) {
        return id.replace("-", "x");
    }

    private static String message(String id) {
        return """
                {"messages":[{"id":"%s","role":"user","at":"2026-01-01T00:00:00Z",
                "content":"Parcel %s was handed to the courier."}]}""".formatted(id, word(id));
    }

    private static String event(String id) {
        var uuid = java.util.UUID.nameUUIDFromBytes(id.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return """
                {"expected":"any","events":[{"id":"%s","type":"weighed","payload":{"x":"%s"}}]}""".formatted(uuid, "x".repeat(EVENT_BYTES));
    }

    private Map<String, Long> stored() throws IOException, InterruptedException {
        var stored = new HashMap<String, Long>();
        for (int writer = 0; writer < WRITERS; writer++) {
            new Answers(cairn).messages("w" + writer).forEach(message -> stored.put(message.key(), message.number()));
        }
        return stored;
    }
}
