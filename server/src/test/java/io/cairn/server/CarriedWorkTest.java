package io.cairn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.archive.LogCopy.Outcome;
import io.cairn.client.Cairn;
import io.cairn.client.wire.NewSchedule;
import io.cairn.client.wire.NewTask;
import io.cairn.client.wire.Task;
import io.cairn.server.wiring.CopySide;
import io.cairn.server.wiring.OfflineCopy;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Work that is not done yet when a log moves: a saga in the midst of it, a task that waits for its time, one that gave
/// up, and a schedule.
@Timeout(180)
class CarriedWorkTest {
    private static final Instant FAR = Instant.parse("2099-01-01T00:00:00Z");

    @TempDir
    Path temp;

    private static RunningCairn server(Path data, String... settings) {
        return RunningCairn.start(data, List.of(settings), CheapEmbeddings.class, Guests.class);
    }

    private static Cairn client(RunningCairn server) {
        return Cairn.at(server.uri("")).key(RunningCairn.KEY).tenant("default").connect();
    }

    private static CopySide folder(Path path) {
        return new CopySide(path.toString(), null, null, null, null);
    }

    private static JsonNode appending(String streamType) {
        return JsonMapper.shared()
                .readTree(
                        "{\"stream\": {\"type\": \"%s\", \"id\": \"7\"}, \"event\": {\"type\": \"reminder.due\", \"payload\": {}}}"
                                .formatted(streamType));
    }

    private static void begin(RunningCairn server) {
        Guests.say(server, "default", "guest.came", "ada");
        Guests.say(server, "default", "guest.came", "bo");
        try (var cairn = client(server)) {
            await().untilAsserted(() -> assertThat(cairn.sagas().list("running", "greet", null))
                    .hasSize(2)
                    .allMatch(saga -> saga.step() == null));
            Guests.say(server, "default", "guest.left", "bo");
            cairn.tasks()
                    .enqueue(List.of(
                            NewTask.of("event.append", appending("reminder"))
                                    .dueAt(FAR)
                                    .onceFor("the reminder"),
                            NewTask.of("event.append", appending("cairn-webhook"))));
            cairn.schedules().put("weekly", NewSchedule.of("0 3 * * SUN", "event.append", appending("week")));
            await().untilAsserted(() -> {
                assertThat(cairn.sagas().list("running", "greet", null)).hasSize(1);
                assertThat(cairn.sagas().list("completed", "greet", null)).hasSize(1);
                assertThat(cairn.deadLetters().list(null)).hasSize(1);
                assertThat(cairn.schedules().get("weekly").next()).isNotNull();
            });
        }
    }

    /// What was begun is there, and goes on.
    private static void goesOn(RunningCairn server) {
        try (var cairn = client(server)) {
            assertThat(cairn.sagas().list(null, null, null))
                    .extracting(saga -> saga.correlationId() + " " + saga.status())
                    .containsExactly("ada running", "bo completed");
            Guests.say(server, "default", "guest.left", "ada");
            await().untilAsserted(() ->
                    assertThat(cairn.sagas().list("completed", "greet", null)).hasSize(2));

            var reminder = NewTask.of("event.append", appending("reminder")).onceFor("the reminder");
            var enqueued = cairn.tasks().enqueue(reminder);
            assertThat(enqueued.existing()).isTrue();
            assertThat(cairn.tasks().get(enqueued.id()))
                    .matches(task -> task.state().equals("later") && FAR.equals(task.dueAt()))
                    .matches(task -> appending("reminder").equals(task.payload()));

            var letter = cairn.deadLetters().list(null).findFirst().orElseThrow();
            assertThat(letter.history()).hasSize(1);
            cairn.deadLetters().replay(letter.id());
            await().untilAsserted(() -> assertThat(cairn.deadLetters().list(null))
                    .singleElement()
                    .extracting(Task::replays)
                    .isEqualTo(1L));

            cairn.schedules().run("weekly");
            await().untilAsserted(() ->
                    assertThat(cairn.tasks().list("done", "event.append", null)).hasSize(1));
        }
    }

    @Test
    void itGoesOnInACopyOfTheFolder() {
        var first = temp.resolve("first");
        var second = temp.resolve("second");
        try (var server = server(first)) {
            begin(server);
        }

        var copied = OfflineCopy.run(folder(first), folder(second), List.of(), (what, done, total) -> {});

        assertThat(copied.outcome()).isInstanceOf(Outcome.Whole.class);
        try (var server = server(second)) {
            goesOn(server);
        }
    }

    @Test
    void itGoesOnWhereAnExportWasImported() throws Exception {
        var key = temp.resolve("shared.key");
        String lines;
        try (var server = server(temp.resolve("first"))) {
            begin(server);
            lines = server.get("/v1/export").has(200).response().body();
        }
        Files.copy(temp.resolve("first/master.key"), key);
        try (var server = server(temp.resolve("second"), "--cairn.master-key-file=" + key)) {
            server.send(server.request("/v1/import")
                            .header("Content-Type", "application/x-ndjson")
                            .POST(BodyPublishers.ofString(lines)))
                    .has(200);
            goesOn(server);
        }
    }
}
