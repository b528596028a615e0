package io.cairn.server.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.server.CheapEmbeddings;
import io.cairn.server.RunningCairn;
import io.cairn.task.Outcome;
import io.cairn.task.TaskType;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@ExtendWith(OutputCaptureExtension.class)
class TaskGaugesTest {
    /// What a program had that was replaced by one without it.
    @Configuration(proxyBeanMethods = false)
    static class Imports {
        /// Until its process ends.
        @Bean
        TaskType hanging() {
            return TaskType.of("import.file", "imports", run -> {
                new CountDownLatch(1).await();
                return Outcome.done();
            });
        }

        @Bean
        TaskType broken() {
            return TaskType.of("import.broken", "default", run -> Outcome.dead("broken"));
        }
    }

    /// The tests' budget of statements sees to it that a scrape while tasks are under way asks the
    /// store for no more than it should.
    @Test
    @Timeout(120)
    void lanesAndTypesThatAProgramHasNoMoreAreShownWithWhatIsLeft(@TempDir Path data, CapturedOutput output) {
        try (var cairn = RunningCairn.start(
                data,
                List.of("--cairn.tasks.lanes.imports.bound=1", "--cairn.tasks.grace=100ms"),
                CheapEmbeddings.class,
                Imports.class)) {
            enqueue(cairn, "import.broken");
            for (int i = 0; i < 3; i++) {
                enqueue(cairn, "import.file");
            }
            await().untilAsserted(() -> assertThat(metrics(cairn))
                    .contains(
                            "tasks_running 1.0",
                            "queue_depth{lane=\"imports\"} 3.0",
                            "dlq_pending{type=\"import.broken\"} 1.0"));
        }

        try (var cairn = RunningCairn.startCheaply(data)) {
            await().untilAsserted(() -> assertThat(metrics(cairn))
                    .contains("queue_oldest_seconds{lane=\"imports\"}", "dlq_pending{type=\"import.broken\"} 1.0")
                    .containsPattern("queue_depth\\{lane=\"imports\"} [23]\\.0"));
            var lanes = cairn.get("/v1/lanes").has(200).json().path("items");
            var imports = lanes.path(lanes.size() - 1);
            assertThat(imports.path("name").asString()).isEqualTo("imports");
            assertThat(imports.path("order").asString()).isEqualTo("not_configured");
            assertThat(imports.path("bound").asInt()).isZero();
            assertThat(imports.path("ready").asInt()).isBetween(2, 3);
            assertThat(imports.path("running").asInt()).isZero();
            assertThat(output).containsOnlyOnce("Lane 'imports' has");
        }
    }

    private static void enqueue(RunningCairn cairn, String type) {
        cairn.post("/v1/tasks", "{\"tasks\":[{\"type\":\"%s\",\"payload\":{}}]}".formatted(type))
                .has(202);
    }

    private static String metrics(RunningCairn cairn) {
        return cairn.get("/metrics").has(200).response().body();
    }
}
