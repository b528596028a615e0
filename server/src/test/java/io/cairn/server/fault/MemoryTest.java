package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// More than the heap can hold, on a server with 512 MB of it.
@Tag("fault")
class MemoryTest {
    private static final int AT_ONCE = 6;

    @TempDir
    Path folder;

    private static String message(int zeros) {
        return "{\"messages\":[{\"role\":\"user\",\"content\":\"x\",\"metadata\":{\"z\":[0%s]}}]}"
                .formatted(",0".repeat(zeros));
    }

    private static String upload(int words) {
        return "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\n%s\r\n--x--\r\n"
                .formatted("quick brown foxes ".repeat(words));
    }

    private static List<Future<Integer>> crowd(CairnProcess cairn, String path, String type, String body) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = new ArrayList<Callable<Integer>>();
            for (int i = 0; i < AT_ONCE; i++) {
                calls.add(() -> cairn.post(path, type, body).statusCode());
            }
            return threads.invokeAll(calls);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void bodiesThatTheHeapCannotHoldAreRefusedAndTheServerGoesOn() throws Exception {
        var cairn = CairnProcess.start(folder.resolve("data"));
        try {
            for (var answer :
                    crowd(cairn, "/v1/conversations/crowd/messages", "application/json", message(7_900_000))) {
                assertThat(answer.get()).isIn(422, 503);
            }
            assertThat(cairn.any("/health/live").statusCode()).isEqualTo(200);
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> cairn.any("/health/ready").statusCode() == 200);
        } finally {
            cairn.stop();
        }
    }

    @Test
    void whenMemoryRunsOutTheProcessEndsAndWhatWasAcknowledgedIsThereAfterwards() throws Exception {
        var cairn = CairnProcess.start(folder.resolve("data"), "--cairn.limits.in-flight=100GB");
        try {
            assertThat(cairn.post(
                                    "/v1/conversations/kept/messages",
                                    "{\"messages\":[{\"id\":\"m\",\"role\":\"user\",\"content\":\"Kept.\"}]}")
                            .statusCode())
                    .isEqualTo(201);
            crowd(cairn, "/v1/documents", "multipart/form-data; boundary=x", upload(2_600_000));
            assertThat(cairn.exit(Duration.ofSeconds(30))).isEqualTo(3);
            cairn.restart();
            assertThat(cairn.get("/v1/conversations/kept/messages").toString()).contains("Kept.");
        } finally {
            cairn.stop();
        }
        assertThat(cairn.verify()).as(cairn::log).isZero();
    }
}
