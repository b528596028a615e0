package io.cairn.server.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.client.wire.Wire;
import io.cairn.server.RunningCairn;
import io.cairn.server.SharedCairn;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// The files of `examples/lead-scored`, in the order of its README.
@SharedCairn
class LeadScoredExampleTest {
    private static final Path EXAMPLE = Path.of("..", "examples", "lead-scored");

    @Test
    @Timeout(60)
    void anEventOfTheFirstVersionIsReadAsTheSecond(RunningCairn cairn) throws Exception {
        put(cairn, 1).has(201);
        append(cairn, "events-v1.json").has(201);
        append(cairn, "event-refused.json").isProblem(422, "schema_violated");
        put(cairn, 2).has(201);
        append(cairn, "event-v2.json").has(201);

        var items = cairn.get("/v1/streams/lead/42/events").has(200).json().path("items");
        assertThat(items.valueStream().map(item -> item.path("schema_version").asInt()))
                .containsExactly(2, 2, 2);
        assertThat(items.valueStream()
                        .map(item ->
                                item.at("/payload/confidence").decimalValue().toPlainString()))
                .containsExactly("0.5", "0.5", "0.9");
        assertThat(cairn.get("/v1/events?pattern=lead.*")
                        .has(200)
                        .json()
                        .at("/items/0/payload/confidence")
                        .isNumber())
                .isTrue();
        assertThat(tailed(cairn).at("/payload/confidence").decimalValue()).isEqualByComparingTo("0.5");
    }

    private static RunningCairn.Answer put(RunningCairn cairn, int version) throws IOException {
        return cairn.send(cairn.request("/v1/schemas/lead.scored/" + version)
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(
                        Files.readString(EXAMPLE.resolve("lead.scored.v%d.json".formatted(version))))));
    }

    private static RunningCairn.Answer append(RunningCairn cairn, String file) throws IOException {
        return cairn.post("/v1/streams/lead/42/events", Files.readString(EXAMPLE.resolve(file)));
    }

    /// The first event that somebody sees who follows the log from its beginning.
    private static JsonNode tailed(RunningCairn cairn) throws Exception {
        var beginning = cairn.get("/v1/events?pattern=cairn.*&limit=1").has(200).text("/items/0/position");
        var request = cairn.request("/v1/events?pattern=lead.*&after=" + beginning)
                .header("Accept", "text/event-stream")
                .build();
        try (var http = HttpClient.newHttpClient();
                var lines = new BufferedReader(new InputStreamReader(
                        http.send(request, BodyHandlers.ofInputStream()).body(), UTF_8))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("data: ")) {
                    http.shutdownNow();
                    return Wire.responses().readTree(line.substring("data: ".length()));
                }
            }
        }
        throw new AssertionError("The tail ended");
    }
}
