package io.cairn.server.models;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelServer;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Calls that wait for the one before them hold a place, and give all they hold back when their clients go.
@Timeout(60)
class WaitingCallsTest {
    private static final String CHAT = "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    private final ModelServer provider = ModelServer.start();

    @AfterEach
    void close() {
        provider.close();
    }

    private static Socket asked(RunningCairn cairn, String context) throws IOException {
        var socket = new Socket("127.0.0.1", cairn.port());
        socket.getOutputStream()
                .write(("POST /openai/v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nX-Cairn-Context: " + context
                                + "\r\nAuthorization: Bearer " + RunningCairn.KEY
                                + "\r\nContent-Type: application/json\r\nContent-Length: " + CHAT.length() + "\r\n\r\n"
                                + CHAT)
                        .getBytes(UTF_8));
        return socket;
    }

    private static int status(RunningCairn cairn, String... headers) {
        return cairn.post("/openai/v1/chat/completions", CHAT, headers).status();
    }

    @Test
    void callsThatWaitForTheirTurnGiveAllBackWhenTheirClientsGo(@TempDir Path data) throws IOException {
        try (var cairn = RunningCairn.startCheaply(
                data,
                "--cairn.models.providers.main.url=" + provider.url() + "/v1",
                "--cairn.models.chat.small.provider=main",
                "--cairn.models.calls=16")) {
            provider.then(ModelReply.never());
            try (var first = asked(cairn, "session-1")) {
                await().until(() -> provider.requests().size() == 1);
                var waiting = new ArrayList<Socket>();
                for (int i = 0; i < 3; i++) {
                    waiting.add(asked(cairn, "session-1"));
                }
                // A key may hold a quarter of the places.
                await().until(() -> status(cairn) == 429);
                for (var socket : List.copyOf(waiting)) {
                    socket.close();
                }

                await().until(() -> status(cairn) == 200);
                await().until(() -> {
                    try (var second = asked(cairn, "session-2");
                            var third = asked(cairn, "session-3")) {
                        return second.getInputStream().readNBytes(12).length == 12
                                && third.getInputStream().readNBytes(12).length == 12;
                    }
                });
                assertThat(cairn.get("/metrics").response().body())
                        .contains("model_calls_active{provider=\"main\"} 1.0");
            }
            await().untilAsserted(
                            () -> assertThat(cairn.get("/metrics").response().body())
                                    .contains("model_calls_active{provider=\"main\"} 0.0", "model_contexts 0.0"));
            assertThat(status(cairn, "X-Cairn-Context", "session-1")).isEqualTo(200);
        }
    }
}
