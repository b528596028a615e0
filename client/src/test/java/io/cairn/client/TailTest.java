package io.cairn.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.client.ScriptedServer.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A live tail against a server whose connections break.
@Timeout(30)
class TailTest {
    private final List<Duration> pauses = new ArrayList<>();
    private ScriptedServer server;
    private Cairn cairn;

    @BeforeEach
    void connect() throws IOException {
        server = new ScriptedServer();
        cairn = Cairn.at(server.address()).key("secret-key").pause(pauses::add).connect();
    }

    @AfterEach
    void disconnect() {
        cairn.close();
        server.close();
    }

    @Test
    void aBrokenConnectionGoesOnBehindTheLastEvent() {
        server.then(new Reply.Cut(": following\n\n" + message("1") + "id: 2\nda"))
                .then(503, "{\"title\":\"busy\"}")
                .then(502, "")
                .then(stream(message("2") + message("3")));
        try (var tail = cairn.events().follow("lead.*", "0")) {
            assertThat(List.of(type(tail), type(tail), type(tail))).containsExactly("lead.1", "lead.2", "lead.3");
            assertThat(tail.position()).isEqualTo("3");
        }
        assertThat(server.requests())
                .extracting(request -> request.header("Last-event-id"))
                .containsExactly("0", "1", "1", "1");
        assertThat(server.requests())
                .allSatisfy(request -> assertThat(request.line()).isEqualTo("GET /v1/events?pattern=lead.*&after=0"))
                .allSatisfy(request -> assertThat(request.header("Accept")).isEqualTo("text/event-stream"));
    }

    @Test
    void aConnectionThatBreaksBeforeTheFirstEventLeavesNoneOut() {
        server.then(new Reply.Cut("id: 7\n: following\n\n")).then(stream(message("8")));
        try (var tail = cairn.events().follow("lead.*")) {
            assertThat(type(tail)).isEqualTo("lead.8");
        }
        assertThat(server.requests())
                .extracting(request -> request.header("Last-event-id"))
                .containsExactly("", "7");
    }

    @Test
    void aTailThatWasConnectedOnceTriesForAsLongAsItTakes() {
        server.then(stream("id: 1\n\n"));
        for (int i = 0; i < 12; i++) {
            server.then(503, "{\"title\":\"busy\"}");
        }
        server.then(stream(message("2")));
        try (var tail = cairn.events().follow(null)) {
            assertThat(type(tail)).isEqualTo("lead.2");
        }
        assertThat(pauses).hasSizeGreaterThan(12).allMatch(pause -> pause.compareTo(Duration.ofSeconds(5)) <= 0);
    }

    @Test
    void aRefusalOfThePositionEndsIt() {
        server.then(409, "{\"title\":\"The position is of another log.\",\"code\":\"position_moved\"}");
        try (var tail = cairn.events().follow(null, "elsewhere")) {
            assertThatThrownBy(tail::next)
                    .isInstanceOfSatisfying(
                            CairnProblem.class,
                            problem -> assertThat(problem.code()).isEqualTo("position_moved"));
        }
    }

    @Test
    void closingEndsTheWaitForTheNextEvent() throws Exception {
        server.then(new Reply.Silent(message("1")));
        var tail = cairn.events().follow(null);
        type(tail);
        var waiting = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var next = threads.submit(() -> {
                waiting.countDown();
                return tail.next();
            });
            waiting.await();
            tail.close();
            assertThat(next.get()).isEmpty();
        }
    }

    @Test
    void severalLinesOfDataAndAnyEndOfALineAreUnderstood() {
        server.then(stream("id:4\r\ndata: {\"type\":\r\ndata:\"lead.4\"}\r\nretry: 5\r\n\r\n"));
        try (var tail = cairn.events().follow(null)) {
            assertThat(type(tail)).isEqualTo("lead.4");
        }
    }

    private static String type(Tail tail) {
        return tail.next().orElseThrow().type();
    }

    private static String message(String id) {
        return "id: %s\nevent: lead.%s\ndata: {\"type\":\"lead.%s\",\"position\":\"%s\"}\n\n".formatted(id, id, id, id);
    }

    private static Reply stream(String text) {
        return new Reply.Full(200, "text/event-stream", text, Map.of());
    }
}
