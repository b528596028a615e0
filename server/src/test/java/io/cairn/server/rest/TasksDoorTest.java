package io.cairn.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.server.RunningCairn;
import io.cairn.server.SharedCairn;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

@SharedCairn
class TasksDoorTest {
    private static final String APPEND =
            "\"type\":\"event.append\",\"payload\":{\"stream\":{\"type\":\"reminder\",\"id\":\"%s\"},\"event\":{\"type\":\"reminder.due\",\"payload\":{\"n\":1}}}";

    private final RunningCairn cairn;

    TasksDoorTest(RunningCairn cairn) {
        this.cairn = cairn;
    }

    private String enqueued(String task) {
        return cairn.post("/v1/tasks", "{\"tasks\":[{" + task + "}]}").has(202).text("/tasks/0/id");
    }

    private void comesTo(String id, String state) {
        await().untilAsserted(() ->
                assertThat(cairn.get("/v1/tasks/" + id).has(200).text("/state")).isEqualTo(state));
    }

    private int events(String stream) {
        return cairn.get("/v1/streams/reminder/" + stream + "/events")
                .has(200)
                .json()
                .path("items")
                .size();
    }

    @Test
    void aTaskThatIsEnqueuedIsDoneAndItsEventIsThere() {
        var id = enqueued(APPEND.formatted("done"));

        comesTo(id, "done");

        assertThat(events("done")).isEqualTo(1);
        assertThat(cairn.get("/v1/tasks?state=done&type=event.append")
                        .has(200)
                        .response()
                        .body())
                .contains(id);
        assertThat(cairn.get("/v1/tasks/" + id + "/progress")
                        .has(200)
                        .response()
                        .body())
                .contains("\"state\":\"done\"");
    }

    @Test
    void theSameTaskTwiceIsEnqueuedOnceAndSoIsADeduplicationKey() {
        var task =
                "\"id\":\"0198b5c0-0000-7000-8000-000000000001\",\"due_at\":\"2099-01-01T00:00:00Z\",\"dedup\":\"k\","
                        + APPEND.formatted("twice");
        enqueued(task);

        assertThat(cairn.post("/v1/tasks", "{\"tasks\":[{" + task + "}]}")
                        .has(202)
                        .json()
                        .at("/tasks/0/existing")
                        .asBoolean())
                .isTrue();
        assertThat(enqueued("\"dedup\":\"k\"," + APPEND.formatted("other")))
                .isEqualTo("0198b5c0-0000-7000-8000-000000000001");
    }

    @Test
    void aTaskThatWaitsForItsTimeIsCancelled() {
        var id = enqueued("\"due_at\":\"2099-01-01T00:00:00Z\"," + APPEND.formatted("cancelled"));
        comesTo(id, "later");

        cairn.post("/v1/tasks/" + id + "/cancel", "{}").has(202);

        comesTo(id, "cancelled");
        assertThat(events("cancelled")).isZero();
    }

    @Test
    void whatCannotBeDoneIsADeadLetterThatIsReplayedOrDiscarded() {
        var id = enqueued("\"type\":\"event.append\",\"payload\":{}");
        comesTo(id, "dead");
        assertThat(cairn.get("/v1/dead-letters?type=event.append")
                        .has(200)
                        .response()
                        .body())
                .contains(id);
        assertThat(cairn.get("/metrics").has(200).response().body()).contains("dlq_pending{type=\"event.append\"}");

        cairn.post("/v1/dead-letters/" + id + "/replay", "{}").has(202);
        await().untilAsserted(() -> assertThat(cairn.get("/v1/tasks/" + id)
                        .has(200)
                        .json()
                        .path("replays")
                        .asInt())
                .isEqualTo(1));
        comesTo(id, "dead");
        cairn.post("/v1/dead-letters/discard", "{\"type\":\"event.append\"}").has(202);

        comesTo(id, "discarded");
    }

    @Test
    void deadLettersAreReplayedAndDiscardedByTheirIds() {
        var fine = enqueued(APPEND.formatted("fine"));
        comesTo(fine, "done");
        var one = enqueued("\"type\":\"event.append\",\"payload\":{}");
        var other = enqueued("\"type\":\"event.append\",\"payload\":{}");
        comesTo(one, "dead");
        comesTo(other, "dead");
        var unknown = "0198b5c0-0000-7000-8000-00000000ffff";

        assertThat(asked("replay", one, fine, unknown)).isEqualTo(1);
        await().untilAsserted(() -> assertThat(cairn.get("/v1/tasks/" + one)
                        .has(200)
                        .json()
                        .path("replays")
                        .asInt())
                .isEqualTo(1));
        comesTo(one, "dead");
        assertThat(asked("discard", one, other, fine)).isEqualTo(2);
        comesTo(one, "discarded");
        comesTo(other, "discarded");

        cairn.post("/v1/dead-letters/discard", "{\"ids\":[]}").isProblem(422, "invalid");
        cairn.post("/v1/dead-letters/replay", "{\"ids\":[\"x\"]}").isProblem(422, "invalid");
        cairn.post("/v1/dead-letters/replay", "{\"ids\":[null]}").isProblem(422, "invalid");
    }

    private int asked(String what, String... ids) {
        return cairn.post("/v1/dead-letters/" + what, "{\"ids\":[\"%s\"]}".formatted(String.join("\",\"", ids)))
                .has(202)
                .json()
                .path("letters")
                .asInt();
    }

    @Test
    void whatIsWrongIsNamed() {
        cairn.post("/v1/tasks", "{\"tasks\":[{\"type\":\"no.such\"}]}").isProblem(422, "invalid");
        cairn.post("/v1/tasks", "{\"tasks\":[]}").isProblem(422, "invalid");
        cairn.post("/v1/tasks", "{\"tasks\":[{\"id\":\"x\"," + APPEND.formatted("x") + "}]}")
                .isProblem(422, "invalid");
        cairn.get("/v1/tasks/0198b5c0-0000-7000-8000-00000000ffff").isProblem(404, "not_found");
        cairn.get("/v1/tasks?state=asleep").isProblem(422, "invalid");
        cairn.get("/v1/dead-letters?after=x").isProblem(422, "invalid");
        cairn.get("/v1/dead-letters?before=soon").isProblem(422, "invalid");
    }

    @Test
    void lanesShowWhatIsInThem() {
        var lanes = cairn.get("/v1/lanes").has(200);

        assertThat(lanes.json().at("/items/0/name").asString()).isEqualTo("default");
        assertThat(lanes.json().at("/items/1/order").asString()).isEqualTo("sequential_hold");
        assertThat(cairn.get("/metrics").has(200).response().body())
                .contains("queue_depth{lane=\"default\"}", "queue_depth{lane=\"model\"}");
    }

    @Test
    void aScheduleIsPutRunAndRemoved() {
        var body = "{\"cron\":\"0 3 * * SUN\",\"zone\":\"Europe/Berlin\"," + APPEND.formatted("weekly") + "}";
        cairn.send(cairn.request("/v1/schedules/weekly")
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(body)))
                .has(200);
        await().untilAsserted(() -> assertThat(
                        cairn.get("/v1/schedules/weekly").has(200).json().has("next"))
                .isTrue());

        cairn.post("/v1/schedules/weekly/run", "{}").has(202);

        await().untilAsserted(() -> assertThat(events("weekly")).isEqualTo(1));
        cairn.send(cairn.request("/v1/schedules/weekly").DELETE()).has(200);
        cairn.get("/v1/schedules/weekly").isProblem(404, "not_found");
        cairn.send(cairn.request("/v1/schedules/bad")
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofString(body.replace("0 3 * * SUN", "0 0 31 2 *"))))
                .isProblem(422, "invalid");
    }
}
