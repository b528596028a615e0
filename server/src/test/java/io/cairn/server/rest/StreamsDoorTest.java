package io.cairn.server.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.server.RunningCairn;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamsDoorTest {
    private RunningCairn cairn;

    @BeforeAll
    void start(@TempDir Path data) {
        cairn = RunningCairn.startCheaply(data, "--cairn.limits.live-tails=2");
    }

    @AfterAll
    void stop() {
        cairn.close();
    }

    private RunningCairn.Answer append(String stream, String expected, String events) {
        return cairn.post(
                "/v1/streams/" + stream + "/events",
                "{\"expected\":\"%s\",\"events\":[%s]}".formatted(expected, events));
    }

    private static String scored(int score) {
        return "{\"type\":\"lead.scored\",\"payload\":{\"score\":%d}}".formatted(score);
    }

    @Test
    void cairnsOwnStreamsAndEventsAreReserved() {
        for (var own : new String[] {"conversation", "document", "Document", "cairn", "cairn.log"}) {
            append(own + "/1", "any", scored(1)).isProblem(403, "reserved");
        }
        for (var own :
                new String[] {"message.added", "conversation.deleted", "document.stored", "cairn.x", "Message.Added"}) {
            append("lead/1", "any", "{\"type\":\"" + own + "\",\"payload\":{}}").isProblem(403, "reserved");
        }
    }

    @Test
    void anAppendThatExpectsAnotherVersionIsAConflict() {
        append("lead/c", "none", scored(1)).has(201);
        var answer = append("lead/c", "none", scored(2)).isProblem(409, "conflict");
        assertThat(answer.json().path("actual_version").asLong()).isEqualTo(1);
        append("lead/c", "5", scored(2)).isProblem(409, "conflict");
        append("lead/c", "1", scored(2)).has(201);
    }

    @Test
    void badFieldsAreNamed() {
        assertThat(append("lead/b", "soon", scored(1)).isProblem(422, "invalid").text("/errors/0/field"))
                .isEqualTo("expected");
        assertThat(cairn.post("/v1/streams/lead/b/events", "{\"events\":[]}")
                        .isProblem(422, "invalid")
                        .text("/errors/0/field"))
                .isEqualTo("expected");
        assertThat(append("lead/b", "any", "{\"id\":\"1-1-1-1-1\",\"type\":\"a\",\"payload\":1}")
                        .isProblem(422, "invalid")
                        .text("/errors/0/field"))
                .isEqualTo("events[0].id");
        assertThat(append("lead/b", "any", "{\"type\":\"9\",\"payload\":1}")
                        .isProblem(422, "invalid")
                        .text("/errors/0/field"))
                .isEqualTo("events[0].type");
        assertThat(append("lead/b", "any", "{\"type\":\"a\"}")
                        .isProblem(422, "invalid")
                        .text("/errors/0/field"))
                .isEqualTo("events[0].payload");
        assertThat(append("lead/b", "any", "{\"type\":\"a\",\"version\":0,\"payload\":1}")
                        .isProblem(422, "invalid")
                        .text("/errors/0/field"))
                .isEqualTo("events[0].version");
        append("l%20d/b", "any", scored(1)).isProblem(422, "invalid");
        var deep = "[".repeat(150) + "]".repeat(150);
        append("lead/b", "any", "{\"type\":\"a\",\"payload\":" + deep + "}").isProblem(422, "invalid");
    }

    @Test
    void theSameEventsAgainGetTheFirstAnswerAndOtherContentIsRefused() {
        var id = UUID.randomUUID();
        var event = "{\"id\":\"" + id + "\",\"type\":\"lead.scored\",\"payload\":{\"n\":0.10}}";
        var first = append("lead/again", "none", event).has(201);
        assertThat(append("lead/again", "none", event).has(200).json()).isEqualTo(first.json());
        append("lead/again", "any", event.replace("0.10", "0.2")).isProblem(409, "id_reused");
        append("lead/other", "any", event).isProblem(409, "id_reused");
        append("lead/again", "any", event + "," + scored(1)).isProblem(409, "id_reused");
    }

    @Test
    void aPayloadComesBackDigitByDigit() {
        var payload =
                "{\"a\":1.10,\"b\":12345678901234567890123.4567890123456789,\"c\":[null,true,\"\\n\"],\"d\":1E+400}";
        append("lead/digits", "none", "{\"type\":\"lead.kept\",\"payload\":" + payload + "}")
                .has(201);
        var read = cairn.get("/v1/streams/lead/digits/events").has(200).json();
        assertThat(read.at("/items/0/payload").toString()).isEqualTo(payload);
        assertThat(read.at("/items/0/subject").asString()).isEqualTo("lead/digits");
        assertThat(read.at("/items/0/actor").asString()).isEqualTo("admin");
    }

    @Test
    void eventsAreReadByPatternAcrossStreamsPageByPage() {
        append("page/1", "any", "{\"type\":\"paged.one\",\"payload\":1},{\"type\":\"other.one\",\"payload\":1}")
                .has(201);
        append("page/2", "any", "{\"type\":\"paged.two\",\"payload\":2}").has(201);
        var first = cairn.get("/v1/events?pattern=paged.*&limit=1").has(200).json();
        assertThat(first.at("/items/0/type").asString()).isEqualTo("paged.one");
        var second = cairn.get("/v1/events?pattern=paged.*&limit=1&after="
                        + first.path("next").asString())
                .has(200)
                .json();
        assertThat(second.at("/items/0/stream_id").asString()).isEqualTo("2");
        assertThat(second.has("next")).isFalse();
        cairn.get("/v1/events?pattern=a%20b").isProblem(422, "invalid");
        cairn.get("/v1/events?after=nonsense").isProblem(422, "invalid");
        cairn.get("/v1/events?after=zzz-0-1").isProblem(409, "position_moved");
        cairn.send(cairn.request("/v1/events").header("Accept", "image/png")).isProblem(406, "not_acceptable");
    }

    @Test
    @Timeout(30)
    void aTailGoesOnBehindTheLastEventThatWasSeen() throws Exception {
        var first = append("tail/1", "any", "{\"type\":\"tailed.one\",\"payload\":1}")
                .has(201);
        append("tail/1", "any", "{\"type\":\"tailed.two\",\"payload\":2}").has(201);
        try (var http = HttpClient.newHttpClient();
                var lines = new BufferedReader(new InputStreamReader(
                        http.send(
                                        cairn.request("/v1/events?pattern=tailed.*")
                                                .header("Accept", "text/event-stream")
                                                .header("Last-Event-ID", first.text("/position"))
                                                .build(),
                                        BodyHandlers.ofInputStream())
                                .body(),
                        UTF_8))) {
            assertThat(event(lines)).isEqualTo("tailed.two");
            append("tail/2", "any", "{\"type\":\"not.tailed\",\"payload\":3},{\"type\":\"tailed.three\",\"payload\":3}")
                    .has(201);
            assertThat(event(lines)).isEqualTo("tailed.three");
        }
    }

    private static String event(BufferedReader lines) throws java.io.IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("event: ")) {
                return line.substring("event: ".length());
            }
        }
        throw new AssertionError("The tail ended");
    }

    @Test
    @Timeout(30)
    void tailsAreBoundedAndEndWhenTheServerStops(@TempDir Path data) throws Exception {
        var stopping = RunningCairn.startCheaply(data, "--cairn.limits.live-tails=1");
        try (var http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build()) {
            var request = stopping.request("/v1/events")
                    .header("Accept", "text/event-stream")
                    .build();
            var tail = http.send(request, BodyHandlers.ofInputStream());
            assertThat(tail.statusCode()).isEqualTo(200);
            var refused = stopping.send(stopping.request("/v1/events").header("Accept", "text/event-stream"))
                    .isProblem(503, "too_many_tails");
            assertThat(refused.header("Retry-After")).isEqualTo("10");
            stopping.close();
            assertThat(new String(tail.body().readAllBytes(), UTF_8)).contains(": following");
        }
    }
}
