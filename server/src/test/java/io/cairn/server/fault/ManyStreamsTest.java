package io.cairn.server.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelRequest;
import io.cairn.testkit.ModelServer;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A thousand streams of a slow model at once take few threads and little memory, and each that is given up ends the
/// provider's work.
@Tag("fault")
@Timeout(600)
class ManyStreamsTest {
    private static final int STREAMS = 1_000;
    private static final int THREADS_MORE_MAX = 100;
    private static final long BYTES_EACH_MAX = 300_000;
    private static final String BODY =
            "{\"model\":\"slow\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"take your time\"}]}";
    private static final String PIECE = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word \"}}]}\n\n";

    @Test
    void aThousandSlowStreamsAreBoundedAndEachCancelReachesTheProvider(@TempDir Path data) throws Exception {
        try (var models = ModelServer.start();
                var cairn = RunningCairn.startCheaply(
                        data,
                        "--cairn.models.providers.main.url=" + models.url() + "/v1",
                        "--cairn.models.providers.main.calls-max=" + STREAMS,
                        "--cairn.models.chat.slow.provider=main",
                        "--cairn.models.streams.total=10m",
                        "--cairn.models.calls=" + 4 * STREAMS,
                        "--server.tomcat.max-connections=" + 2 * STREAMS)) {
            models.otherwise(ModelReply.text(PIECE.repeat(1000)).in(PIECE.length(), Duration.ofSeconds(2)));
            long bytesBefore = usedBytes();
            int threadsBefore = threads();
            var open = opened(cairn, STREAMS);
            await().atMost(Duration.ofSeconds(120))
                    .untilAsserted(() -> assertThat(
                                    cairn.get("/metrics").response().body())
                            .contains("model_calls_active{provider=\"main\"} %.1f".formatted((double) STREAMS)));
            int threadsMore = threads() - threadsBefore;
            long bytesEach = (usedBytes() - bytesBefore) / STREAMS;
            System.out.printf(
                    "%d streams: %d threads of the platform more, %d bytes each%n", STREAMS, threadsMore, bytesEach);
            assertThat(threadsMore).isLessThan(THREADS_MORE_MAX);
            assertThat(bytesEach).isLessThan(BYTES_EACH_MAX);

            for (var socket : open) {
                socket.close();
            }

            await().atMost(Duration.ofSeconds(120))
                    .untilAsserted(() -> assertThat(models.requests())
                            .hasSize(STREAMS)
                            .allMatch(request -> request.end().getNow(null) == ModelRequest.End.CLIENT_GONE));
            await().untilAsserted(
                            () -> assertThat(cairn.get("/metrics").response().body())
                                    .contains("model_calls_active{provider=\"main\"} 0.0"));
        }
    }

    /// Each has said something.
    private static List<Socket> opened(RunningCairn cairn, int count) throws Exception {
        var begun = new ArrayList<Future<Socket>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                begun.add(threads.submit(() -> opened(cairn.port())));
            }
        }
        var open = new ArrayList<Socket>();
        for (var one : begun) {
            open.add(one.get());
        }
        return open;
    }

    private static Socket opened(int port) throws IOException {
        var socket = new Socket("127.0.0.1", port);
        socket.getOutputStream()
                .write(("POST /openai/v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
                                + RunningCairn.KEY + "\r\nContent-Type: application/json\r\nContent-Length: "
                                + BODY.length() + "\r\n\r\n" + BODY)
                        .getBytes(StandardCharsets.ISO_8859_1));
        var read = new StringBuilder();
        while (read.indexOf("word ") < 0) {
            int letter = socket.getInputStream().read();
            assertThat(letter).as(read.toString()).isNotNegative();
            read.append((char) letter);
        }
        return socket;
    }

    private static int threads() {
        return ManagementFactory.getThreadMXBean().getThreadCount();
    }

    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
