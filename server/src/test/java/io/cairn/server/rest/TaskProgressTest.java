package io.cairn.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.client.wire.Wire;
import io.cairn.server.CheapEmbeddings;
import io.cairn.server.RunningCairn;
import io.cairn.task.Outcome;
import io.cairn.task.TaskType;
import java.net.http.HttpClient;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/// Whoever follows a task that takes its time.
@Timeout(60)
class TaskProgressTest {
    private static final int PARTS = 3;

    /// A task of some parts, each of which is held until the test lets it go.
    @Configuration(proxyBeanMethods = false)
    static class Parts {
        private final Semaphore letGo = new Semaphore(0);

        @Bean
        Semaphore letGo() {
            return letGo;
        }

        @Bean
        TaskType inParts() {
            return TaskType.of("test.parts", "default", execution -> {
                for (int part = 1; part <= PARTS; part++) {
                    execution.progress(part, PARTS);
                    letGo.acquire();
                }
                return Outcome.done();
            });
        }
    }

    @Test
    void isToldHowFarItHasComeWhileItRuns(@TempDir Path data) throws Exception {
        try (var cairn = RunningCairn.start(data, List.of(), CheapEmbeddings.class, Parts.class);
                var http = HttpClient.newHttpClient()) {
            var id = cairn.post("/v1/tasks", "{\"tasks\":[{\"type\":\"test.parts\",\"payload\":{}}]}")
                    .has(202)
                    .text("/tasks/0/id");
            var answer =
                    http.send(cairn.request("/v1/tasks/" + id + "/progress").build(), BodyHandlers.ofLines());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(told(answer.body(), cairn.bean(Semaphore.class)))
                    .containsSubsequence("running 1/3", "running 2/3", "running 3/3", "done 0/0")
                    .endsWith("done 0/0");
        }
    }

    /// What comes, one line for each; a part that was told of is over.
    private static List<String> told(Stream<String> lines, Semaphore letGo) {
        var told = new ArrayList<String>();
        try (lines) {
            lines.filter(line -> line.startsWith("data: ")).forEach(line -> {
                var task = Wire.responses().readTree(line.substring("data: ".length()));
                boolean another = !told.contains(text(task));
                told.add(text(task));
                if (another && task.has("progress")) {
                    letGo.release();
                }
            });
        }
        return told;
    }

    private static String text(JsonNode task) {
        return "%s %d/%d"
                .formatted(
                        task.path("state").asString(),
                        task.at("/progress/done").asInt(0),
                        task.at("/progress/total").asInt(0));
    }
}
