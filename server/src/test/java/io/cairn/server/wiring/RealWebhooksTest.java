package io.cairn.server.wiring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.client.wire.Wire;
import io.cairn.server.CheapEmbeddings;
import io.cairn.server.RunningCairn;
import io.cairn.task.Execution;
import io.cairn.task.Handler;
import io.cairn.task.Outcome;
import io.cairn.task.RetryPolicy;
import io.cairn.task.TaskType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;

/// The payloads that a code host shows as examples, sent to a server over HTTP as that host sends them, while
/// what handles them fails at random: before it has done anything, after it has, or for good.
@Tag("fault")
@Timeout(120)
class RealWebhooksTest {
    private static final String SECRET = "a secret of the code host's";
    private static final int PAYLOADS = 165;
    private static final long SEED = 20261130;
    private static final Duration DONE_MAX = Duration.ofSeconds(60);

    /// What the host sends.
    private record Delivery(String id, String event, byte[] body) {
        static Delivery of(JsonNode line) {
            return new Delivery(
                    line.path("id").asString(),
                    line.path("event").asString(),
                    line.path("payload").toString().getBytes(UTF_8));
        }
    }

    /// Stands before the handlers of hooks. What fails follows from a seed, the webhook and the attempt.
    static final class Moody {
        volatile boolean failing = true;

        Handler around(Handler real) {
            return execution -> failing ? moody(real, execution) : real.handle(execution);
        }

        private static Outcome moody(Handler real, Execution execution) throws Exception {
            var chance = new SplittableRandom(SEED + execution.attemptId().hashCode());
            return switch (chance.nextInt(10)) {
                case 0 -> Outcome.dead("as it must");
                case 1 -> Outcome.retry("as it must");
                case 2 -> throw new IllegalStateException("before anything was done");
                case 3 -> {
                    real.handle(execution);
                    throw new IllegalStateException("after it was done");
                }
                default -> real.handle(execution);
            };
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class Moods {
        @Bean
        static Moody moody() {
            return new Moody();
        }

        @Bean
        static BeanPostProcessor aroundTheHandlersOfHooks(Moody moody) {
            return new BeanPostProcessor() {
                @Override
                public Object postProcessAfterInitialization(Object bean, String name) {
                    return bean instanceof BusTasks tasks ? around(tasks, moody) : bean;
                }
            };
        }

        private static BusTasks around(BusTasks tasks, Moody moody) {
            return new BusTasks(tasks.types().stream()
                    .map(type -> type.name().startsWith("hook.") ? around(type, moody) : type)
                    .toList());
        }

        private static TaskType around(TaskType type, Moody moody) {
            var soon = RetryPolicy.defaults().attempts(2).waiting(Duration.ofMillis(10), Duration.ofMillis(50));
            return TaskType.of(type.name(), type.lane(), moody.around(type.handler()))
                    .retrying(soon);
        }
    }

    @Test
    void allEndHandledOrAsDeadLettersAndReplayEmptiesThose(@TempDir Path data) throws Exception {
        var deliveries = deliveries();
        assertThat(deliveries).hasSize(PAYLOADS);
        try (var cairn = RunningCairn.start(
                data,
                List.of("--cairn.hooks.host.style=github", "--cairn.hooks.host.secrets=" + SECRET),
                CheapEmbeddings.class,
                Moods.class)) {
            var sent = deliveries.stream().collect(toMap(delivery -> send(cairn, delivery, 202), Function.identity()));
            deliveries.stream()
                    .filter(delivery -> delivery.id().hashCode() % 5 == 0)
                    .forEach(delivery -> send(cairn, delivery, 200));
            assertThat(sent).hasSize(PAYLOADS);

            await().atMost(DONE_MAX)
                    .untilAsserted(() -> assertThat(union(tasks(cairn, "done"), tasks(cairn, "dead")))
                            .isEqualTo(sent.keySet()));
            var dead = tasks(cairn, "dead");
            assertThat(dead).hasSizeBetween(PAYLOADS / 10, PAYLOADS / 2);
            assertThat(cairn.get("/v1/dead-letters?type=hook.host&limit=1000")
                            .has(200)
                            .json()
                            .path("items")
                            .size())
                    .isEqualTo(dead.size());
            assertThat(tasks(cairn, "done"))
                    .doesNotContainAnyElementsOf(dead)
                    .allSatisfy(id -> isThereOnce(cairn, Objects.requireNonNull(sent.get(id))));

            cairn.bean(Moody.class).failing = false;
            assertThat(cairn.post("/v1/dead-letters/replay", "{\"type\":\"hook.host\"}")
                            .has(202)
                            .json()
                            .path("letters")
                            .asInt())
                    .isEqualTo(dead.size());
            await().atMost(DONE_MAX)
                    .untilAsserted(() -> assertThat(tasks(cairn, "done")).isEqualTo(sent.keySet()));
            assertThat(tasks(cairn, "dead")).isEmpty();
            assertThat(sent.values()).allSatisfy(delivery -> isThereOnce(cairn, delivery));
        }
    }

    private static List<Delivery> deliveries() throws IOException {
        var packed = Objects.requireNonNull(RealWebhooksTest.class.getResourceAsStream("webhooks/events.jsonl.gz"));
        try (var lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(packed), UTF_8))) {
            return lines.lines()
                    .map(line -> Delivery.of(Wire.responses().readTree(line)))
                    .toList();
        }
    }

    /// @return the event that it became, whose id its task has too
    private static String send(RunningCairn cairn, Delivery delivery, int status) {
        return cairn.send(HttpRequest.newBuilder(cairn.uri("/hooks/host"))
                        .header("Content-Type", "application/json")
                        .header("X-GitHub-Delivery", delivery.id())
                        .header("X-GitHub-Event", delivery.event())
                        .header("X-Hub-Signature-256", "sha256=" + signature(delivery.body()))
                        .POST(BodyPublishers.ofByteArray(delivery.body())))
                .has(status)
                .text("/event");
    }

    private static String signature(byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static Set<String> tasks(RunningCairn cairn, String state) {
        return cairn.get("/v1/tasks?type=hook.host&limit=1000&state=" + state)
                .has(200)
                .json()
                .path("items")
                .valueStream()
                .map(task -> task.path("id").asString())
                .collect(toSet());
    }

    private static Set<String> union(Set<String> some, Set<String> others) {
        var all = new HashSet<>(some);
        all.addAll(others);
        return all;
    }

    private static void isThereOnce(RunningCairn cairn, Delivery delivery) {
        var events = cairn.get("/v1/streams/hook/%s/events".formatted(delivery.id()))
                .has(200)
                .json()
                .path("items");
        assertThat(events).as(delivery.id()).hasSize(1);
        assertThat(events.get(0).path("type").asString()).isEqualTo("hook." + delivery.event());
        assertThat(events.get(0).path("payload")).isEqualTo(Wire.responses().readTree(delivery.body()));
    }
}
