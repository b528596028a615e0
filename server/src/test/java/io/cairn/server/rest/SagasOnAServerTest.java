package io.cairn.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.server.Guests;
import io.cairn.server.RunningCairn;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SagasOnAServerTest {
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
        try (var cairn = RunningCairn.start(data, List.of(), Guests.class)) {
            var guests = new AtomicInteger();
            // What comes before the type is known starts no saga.
            await().untilAsserted(() -> {
                Guests.say(cairn, "default", "guest.came", "g" + guests.incrementAndGet());
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
        try (var cairn = RunningCairn.start(data, List.of(), Guests.class)) {
            var guest = sagas(cairn, "status=running").getFirst();
            Guests.say(cairn, "default", "guest.left", guest);
            await().untilAsserted(() -> assertThat(sagas(cairn, "correlation_id=%s&status=completed".formatted(guest)))
                    .containsExactly(guest));
            assertThat(cairn.get("/metrics").has(200).response().body())
                    .contains("sagas{status=\"completed\",type=\"greet\"}");
        }
    }
}
