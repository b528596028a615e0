package io.cairn.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.server.ExampleJar;
import io.cairn.server.RunningCairn;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `examples/coordinator`: turns that follow each other within a session, beside look-ups that wait for nobody.
class CoordinatorExampleTest {
    private static final int TURNS = 6;
    private static final int LOOK_UPS = 30;

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> itsOwnTestsPass() throws Exception {
        return ExampleJar.ownTests(folder, "coordinator", "com.example.coordinator.CoordinatorTest");
    }

    @Test
    @Timeout(120)
    void turnsFollowEachOtherAndLookUpsWaitForNoneOfThem(@TempDir Path data) throws Exception {
        var jar = ExampleJar.of(folder, "coordinator");
        try (var cairn = RunningCairn.startCheaply(data, "--cairn.tasks.jars=" + jar)) {
            cairn.send(cairn.request("/v1/subscriptions/answers")
                            .header("Content-Type", "application/json")
                            .PUT(BodyPublishers.ofString("{\"pattern\":\"turn.*\"}")))
                    .has(200);

            cairn.post("/v1/tasks", "{\"tasks\":[%s]}".formatted(String.join(",", tasks())))
                    .has(202);

            await().untilAsserted(
                            () -> assertThat(events(cairn, "agent/ana").size()).isEqualTo(LOOK_UPS));
            assertThat(said(cairn, "s1").size() + said(cairn, "s2").size())
                    .as("turns that were done when all look-ups were")
                    .isLessThan(2 * TURNS);
            var inTurn = IntStream.range(0, TURNS).mapToObj(Integer::toString).toList();
            await().untilAsserted(() -> {
                assertThat(said(cairn, "s1")).isEqualTo(inTurn);
                assertThat(said(cairn, "s2")).isEqualTo(inTurn);
            });
            assertThat(cairn.get("/v1/subscriptions/answers/events?limit=100")
                            .has(200)
                            .json()
                            .path("items")
                            .valueStream()
                            .map(event -> event.path("type").asString())
                            .toList())
                    .hasSize(2 * TURNS)
                    .containsOnly("turn.answered");
        }
    }

    @Test
    @Timeout(120)
    void answersAreRoutedToTwoHandlersAndQuestionsAreFilteredOut(@TempDir Path data) throws Exception {
        var jar = ExampleJar.of(folder, "coordinator");
        try (var cairn = RunningCairn.startCheaply(data, "--cairn.tasks.jars=" + jar, "--cairn.bus.jars=" + jar)) {
            for (var said : List.of("hello", "who is there?", "me")) {
                cairn.post(
                                "/v1/tasks",
                                "{\"tasks\":[{\"type\":\"turn\",\"key\":\"s\",\"payload\":{\"said\":\"%s\"}}]}"
                                        .formatted(said))
                        .has(202);
            }
            await().untilAsserted(() -> assertThat(said(cairn, "s")).hasSize(3));
            await().untilAsserted(
                            () -> assertThat(cairn.get("/metrics").response().body())
                                    .contains(
                                            "bus_handled_total{handler=\"transcript\"} 3.0",
                                            "bus_handled_total{handler=\"billing\"} 3.0",
                                            "bus_handled_total{handler=\"questions\"} 1.0"));
        }
    }

    @Test
    void aJarThatBringsNoHandlersOfEventsIsRefused(@TempDir Path data) throws Exception {
        var jar = ExampleJar.of(folder, "leads");
        assertThatThrownBy(() -> RunningCairn.startCheaply(data, "--cairn.bus.jars=" + jar))
                .hasStackTraceContaining("names nothing in META-INF/services/io.cairn.bus.EventHandlerProvider");
    }

    private static List<String> tasks() {
        var tasks = new ArrayList<String>();
        for (int i = 0; i < TURNS; i++) {
            for (var session : List.of("s1", "s2")) {
                tasks.add("{\"type\":\"turn\",\"key\":\"%s\",\"payload\":{\"said\":\"%d\"}}".formatted(session, i));
            }
        }
        for (int i = 0; i < LOOK_UPS; i++) {
            tasks.add("{\"type\":\"look-up\",\"payload\":{\"agent\":\"ana\",\"what\":%d}}".formatted(i));
        }
        return tasks;
    }

    private static List<String> said(RunningCairn cairn, String session) {
        return events(cairn, "session/" + session);
    }

    private static List<String> events(RunningCairn cairn, String stream) {
        return cairn.get("/v1/streams/%s/events?limit=100".formatted(stream))
                .has(200)
                .json()
                .path("items")
                .valueStream()
                .map(event -> event.at("/payload/said").asString(""))
                .toList();
    }
}
