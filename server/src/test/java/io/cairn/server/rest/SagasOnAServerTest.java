package io.cairn.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.saga.Input;
import io.cairn.saga.Next;
import io.cairn.saga.SagaAction;
import io.cairn.saga.SagaType;
import io.cairn.server.RunningCairn;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class SagasOnAServerTest {
    @Configuration(proxyBeanMethods = false)
    static class Greeting {
        @Bean
        SagaType greeting() {
            return SagaType.named("greet", Greeting::react)
                    .startedBy("guest.came", event -> event.stream().id())
                    .hearing("guest.left", event -> event.stream().id())
                    .doing(SagaAction.named("wave", call -> SagaAction.Reply.done(call.payload())));
        }

        private static Next react(SagaType.At at, Input input) {
            return switch (input) {
                case Input.Happened(var event) ->
                    event.type().name().equals("guest.came")
                            ? Next.to(at.state()).act("wave", at.state())
                            : Next.to(at.state()).complete();
                case Input.Done done -> Next.to(at.state());
                case Input.Failed failed -> Next.to(at.state()).giveUp(failed.reason());
                case Input.TimedOut timer -> Next.to(at.state()).giveUp(timer.timer());
            };
        }
    }

    private static void say(RunningCairn cairn, String type, String guest) {
        cairn.post("/v1/streams/guest/%s/events".formatted(guest), """
                {"expected": "any", "events": [{"type": "%s", "payload": {}}]}""".formatted(type))
                .has(201);
    }

    private static List<String> sagas(RunningCairn cairn, String query) {
        return cairn.get("/v1/sagas?" + query)
                .has(200)
                .json()
                .path("items")
                .valueStream()
                .map(saga -> saga.path("correlation_id").asString())
                .toList();
    }

    @Test
    @Timeout(120)
    void aSagaIsStartedByAnEventShownCountedAndCompletedAfterARestart(@TempDir Path data) {
        try (var cairn = RunningCairn.start(data, List.of(), Greeting.class)) {
            var guests = new AtomicInteger();
            // What comes before the type is known starts no saga.
            await().untilAsserted(() -> {
                say(cairn, "guest.came", "g" + guests.incrementAndGet());
                assertThat(sagas(cairn, "status=running&type=greet")).isNotEmpty();
            });
            var page = cairn.get("/v1/sagas?limit=1").has(200).json();
            var id = page.at("/items/0/id").asString();
            assertThat(cairn.get("/v1/sagas/" + id).has(200).json().path("type").asString())
                    .isEqualTo("greet");
        }
        assertThatThrownBy(() -> RunningCairn.start(data))
                .rootCause()
                .hasMessageStartingWith("Saga greet/g")
                .hasMessageContaining("there is no saga of this type");
        try (var cairn = RunningCairn.start(data, List.of(), Greeting.class)) {
            var guest = sagas(cairn, "status=running").getFirst();
            say(cairn, "guest.left", guest);
            await().untilAsserted(() -> assertThat(sagas(cairn, "correlation_id=%s&status=completed".formatted(guest)))
                    .containsExactly(guest));
            assertThat(cairn.get("/metrics").has(200).response().body())
                    .contains("sagas{status=\"completed\",type=\"greet\"}");
        }
    }
}
