package io.cairn.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.client.Cairn;
import io.cairn.client.CairnProblem;
import io.cairn.client.wire.DeadLetterFilter;
import io.cairn.client.wire.NewSchedule;
import io.cairn.client.wire.NewSubscription;
import io.cairn.client.wire.NewTask;
import io.cairn.client.wire.NewWebhook;
import io.cairn.client.wire.Task;
import io.cairn.server.CheapEmbeddings;
import io.cairn.server.Guests;
import io.cairn.server.RunningCairn;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tasks, dead letters, schedules, sagas, subscriptions and webhooks, as they are seen on the command line and from
/// Java. Each test has a tenant of its own on one server.
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DurableWorkTest {
    private RunningCairn server;

    @BeforeAll
    void start(@TempDir Path data) {
        server = RunningCairn.start(
                data, List.of("--cairn.webhooks.allowed-hosts=127.0.0.1"), CheapEmbeddings.class, Guests.class);
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private Cairn client(String tenant) {
        return Cairn.at(server.uri("")).key(RunningCairn.KEY).tenant(tenant).connect();
    }

    private Commands commands(String tenant) {
        return new Commands(server, tenant);
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    /// The payload of a task that appends an event.
    private static JsonNode appending(String streamType, String eventType) {
        return json("{\"stream\": {\"type\": \"%s\", \"id\": \"7\"}, \"event\": {\"type\": \"%s\", \"payload\": {}}}"
                .formatted(streamType, eventType));
    }

    private void say(String tenant, String type, String guest) {
        Guests.say(server, tenant, type, guest);
    }

    @Test
    void theCommandsOfTheDocumentOnTasksPrintWhatItSays() throws IOException {
        assertThat(new DocumentedCommands(commands("documented")).check(Path.of("../docs/TASKS.md")))
                .isGreaterThan(15);
    }

    @Test
    void aWrongTaskIsRefusedWithWhatIsAllowed() {
        var commands = commands("wrong");
        assertThat(commands.call(Commands.words("cairn tasks enqueue thing.undone"))
                        .err())
                .contains("event.append");
        assertThat(commands.call(Commands.words("cairn tasks show 0198b5c0-0000-7000-8000-00000000dead"))
                        .err())
                .contains("There is no task 0198b5c0-0000-7000-8000-00000000dead");
        assertThat(commands.call(Commands.words("cairn tasks enqueue event.append {not json"))
                        .exit())
                .isNotZero();
        assertThat(commands.call(Commands.words("cairn dead-letters discard")).exit())
                .isEqualTo(Exit.USAGE);
        assertThat(commands.call(Commands.words("cairn schedules put never '0 0 31 2 *' event.append"))
                        .err())
                .contains("0 0 31 2 *");
    }

    @Test
    void tasksAndDeadLettersAreHandledFromJava() {
        try (var cairn = client("java-tasks")) {
            var due = Instant.parse("2099-01-01T00:00:00Z");
            var later = NewTask.of("event.append", appending("reminder", "reminder.due"))
                    .dueAt(due)
                    .onceFor("the reminder");
            var enqueued = cairn.tasks().enqueue(later);
            assertThat(cairn.tasks().enqueue(later).existing()).isTrue();
            assertThat(cairn.tasks().get(enqueued.id()).dueAt()).isEqualTo(due);
            assertThat(cairn.tasks().list("later", "event.append", null)).hasSize(1);
            cairn.tasks().cancel(enqueued.id());
            await().untilAsserted(() ->
                    assertThat(cairn.tasks().get(enqueued.id()).state()).isEqualTo("cancelled"));

            var wrong = NewTask.of("event.append", appending("cairn-webhook", "reminder.due"));
            var ids = cairn.tasks().enqueue(List.of(wrong, wrong, wrong)).stream()
                    .map(task -> task.id())
                    .toList();
            await().untilAsserted(() -> assertThat(cairn.deadLetters().list("event.append"))
                    .extracting(Task::id)
                    .containsExactlyInAnyOrderElementsOf(ids));
            assertThat(cairn.status().counts()).containsKey("dead_letters");
            assertThat(cairn.deadLetters().list(null, null, 2).next()).isNotNull();
            assertThat(cairn.deadLetters().replay(ids.getFirst()).letters()).isEqualTo(1);
            await().untilAsserted(() -> assertThat(cairn.tasks().get(ids.getFirst()))
                    .matches(task -> task.state().equals("dead") && task.replays() == 1));
            assertThat(cairn.deadLetters()
                            .discard(new DeadLetterFilter("event.append", null, null, "own streams", null, null, null))
                            .letters())
                    .isEqualTo(3);
            await().untilAsserted(
                            () -> assertThat(cairn.deadLetters().list(null)).isEmpty());
            assertThat(cairn.tasks().get(ids.getFirst()).history().getLast()).contains("discarded by");
            assertThat(cairn.tasks().lanes()).extracting(lane -> lane.name()).contains("default", "sagas", "webhooks");
            assertThatThrownBy(() -> cairn.deadLetters().replay("0198b5c0-0000-7000-8000-00000000dead"))
                    .isInstanceOf(CairnProblem.class);
        }
    }

    @Test
    void deadLettersAreListedReplayedAndDiscardedByLaneKeyAndTime() {
        var commands = commands("filters");
        try (var cairn = client("filters")) {
            var wrong = NewTask.of("event.append", appending("cairn-webhook", "reminder.due"));
            cairn.tasks().enqueue(List.of(wrong.withKey("a"), wrong.withKey("b")));
            await().untilAsserted(
                            () -> assertThat(cairn.deadLetters().list(null)).hasSize(2));

            assertThat(commands.run("dead-letters list --key a --lane default").lines())
                    .hasSize(2)
                    .anyMatch(line -> line.contains(" a "));
            assertThat(commands.run("dead-letters list --lane model")).isEqualTo("There are no dead letters.\n");
            assertThat(commands.run("dead-letters list --before 2020-01-01")).isEqualTo("There are no dead letters.\n");
            assertThat(commands.run("dead-letters replay --key b --before 2020-01-01"))
                    .isEqualTo("0 asked to begin anew.\n");
            assertThat(commands.run("dead-letters discard --key b --before 2099-01-01"))
                    .isEqualTo("1 given up.\n");
            await().untilAsserted(() -> assertThat(cairn.deadLetters().list(null))
                    .singleElement()
                    .matches(letter -> "a".equals(letter.key())));
            assertThat(commands.call(Commands.words("cairn dead-letters list --before soon"))
                            .exit())
                    .isNotZero();
        }
    }

    @Test
    void someOfTheDeadLettersAreGivenUpByTheirIds() {
        var commands = commands("ids");
        try (var cairn = client("ids")) {
            var wrong = NewTask.of("event.append", appending("cairn-webhook", "reminder.due"));
            var ids = cairn.tasks().enqueue(List.of(wrong, wrong, wrong, wrong, wrong)).stream()
                    .map(task -> task.id())
                    .toList();
            await().untilAsserted(
                            () -> assertThat(cairn.deadLetters().list(null)).hasSize(5));
            assertThat(cairn.deadLetters().fitting(DeadLetterFilter.ofIds(ids.subList(0, 2))))
                    .extracting(Task::id)
                    .containsExactlyInAnyOrderElementsOf(ids.subList(0, 2));

            assertThat(cairn.deadLetters().discard(ids.subList(0, 2)).letters()).isEqualTo(2);
            assertThat(commands.run("dead-letters discard %s %s".formatted(ids.get(2), ids.get(3))))
                    .isEqualTo("2 given up.\n");
            assertThat(commands.run("dead-letters replay --lane model %s %s".formatted(ids.get(3), ids.get(4))))
                    .isEqualTo("0 asked to begin anew.\n");

            await().untilAsserted(() -> assertThat(cairn.deadLetters().list(null))
                    .singleElement()
                    .matches(letter -> ids.get(4).equals(letter.id())));
        }
    }

    @Test
    void schedulesAreHandledFromJava() {
        try (var cairn = client("java-schedules")) {
            var schedule = NewSchedule.of("0 3 * * SUN", "event.append", appending("week", "week.over"));
            assertThat(cairn.schedules().put("weekly", schedule).paused()).isFalse();
            await().untilAsserted(() ->
                    assertThat(cairn.schedules().get("weekly").next()).isAfter(Instant.now()));
            cairn.schedules().run("weekly");
            await().untilAsserted(() ->
                    assertThat(cairn.tasks().list("done", "event.append", null)).hasSize(1));
            assertThat(cairn.schedules().pause("weekly").paused()).isTrue();
            assertThat(cairn.schedules().resume("weekly").paused()).isFalse();
            assertThat(cairn.schedules().list()).hasSize(1);
            cairn.schedules().delete("weekly");
            assertThatThrownBy(() -> cairn.schedules().get("weekly"))
                    .isInstanceOf(CairnProblem.class)
                    .hasMessageContaining("weekly");
        }
    }

    @Test
    void sagasAreSeenFromJavaAndOnTheCommandLine() {
        say("guests", "guest.came", "ada");
        say("guests", "guest.came", "bo");
        try (var cairn = client("guests")) {
            await().untilAsserted(() -> assertThat(cairn.sagas().list("running", "greet", null))
                    .hasSize(2)
                    .allMatch(saga -> saga.step() == null));
            say("guests", "guest.left", "ada");
            await().untilAsserted(() ->
                    assertThat(cairn.sagas().list("completed", null, "ada")).hasSize(1));
            var saga = cairn.sagas().list(null, null, "ada").findFirst().orElseThrow();
            assertThat(cairn.sagas().get(saga.id()).completedAt()).isNotNull();
            assertThat(commands("guests").run("sagas list --status completed"))
                    .matches("ID +TYPE +ABOUT +STATUS +STEP +RETRIES +ERROR\n%s +greet +ada +completed +- +0 +-\n"
                            .formatted(saga.id()));
            assertThat(json(commands("guests").run("sagas show " + saga.id()))
                            .path("correlation_id")
                            .asString())
                    .isEqualTo("ada");
            assertThat(commands("guests").run("sagas list --about nobody")).isEqualTo("There are no such sagas.\n");
        }
    }

    @Test
    void whatAnEventCannotStartIsParkedShownAndRetriedLikeADeadLetter() {
        Guests.CONFUSED.set(true);
        say("odd", "guest.came", "odd");
        var commands = commands("odd");
        await().untilAsserted(() -> assertThat(commands.run("status"))
                .contains("Waiting   1 parked key: cairn projections parked saga-greet"));
        assertThat(commands.run("projections parked saga-greet"))
                .matches("(?s)KEY +VERSION +TYPE +ATTEMPTS +SINCE +REASON\nguest/odd +1 +guest.came .*no such guest.*");
        assertThat(server.get("/metrics").has(200).response().body())
                .contains("projection_parked{projection=\"saga-greet\"} 1.0");
        assertThat(commands.call(Commands.words("cairn projections rebuild saga-greet"))
                        .err())
                .contains("saga-greet reacts to each event once");

        Guests.CONFUSED.set(false);
        assertThat(commands.run("projections retry saga-greet")).isEqualTo("1 retried, 0 still parked.\n");
        try (var cairn = client("odd")) {
            await().untilAsserted(() ->
                    assertThat(cairn.sagas().list("running", null, "odd")).hasSize(1));
        }
        assertThat(commands.run("status")).doesNotContain("Waiting");
    }

    @Test
    void aSubscriptionIsReadAcknowledgedAndShown() {
        try (var cairn = client("readers")) {
            cairn.subscriptions().create("board", new NewSubscription("guest.*", null));
            say("readers", "guest.came", "ada");
            say("readers", "guest.left", "ada");
            assertThat(commands("readers").run("subscriptions")).contains("board", "guest.*");
            var page = cairn.subscriptions().next("board", 1);
            assertThat(page.items())
                    .singleElement()
                    .matches(event -> event.type().equals("guest.came"));
            assertThat(page.more()).isTrue();
            cairn.subscriptions().acknowledge("board", page.upTo());
            assertThat(cairn.subscriptions().next("board", null).items())
                    .singleElement()
                    .matches(event -> event.type().equals("guest.left"));
            assertThat(cairn.subscriptions().find("board").acknowledgedAt()).isNotNull();
            assertThat(commands("readers").run("subscriptions create second --pattern guest.left"))
                    .startsWith("second  guest.left  ");
            assertThat(commands("readers").run("subscriptions delete second"))
                    .isEqualTo("Subscription second is deleted.\n");
            cairn.subscriptions().delete("board");
            assertThat(cairn.subscriptions().list()).isEmpty();
        }
    }

    @Test
    void aStreamThatASubscriptionCannotDealWithIsParkedRetriedAndSkipped() {
        var readers = commands("parking");
        try (var cairn = client("parking")) {
            readers.run("subscriptions create board --pattern guest.*");
            say("parking", "guest.came", "ada");
            say("parking", "guest.came", "bob");
            var page = cairn.subscriptions().next("board", null);
            var ada = page.items().getFirst();
            assertThat(readers.run("subscriptions park board " + ada.id() + " --reason odd"))
                    .startsWith("board  guest.*  ");
            readers.run("subscriptions ack board " + page.upTo());
            say("parking", "guest.left", "ada");
            await().untilAsserted(
                            () -> assertThat(readers.run("status")).contains("1 parked stream: cairn subscriptions"));
            assertThat(readers.run("subscriptions")).containsPattern("board +guest.\\* +[0-9]+ +1 ");
            assertThat(readers.run("subscriptions parked board"))
                    .contains(ada.streamType() + "/" + ada.streamId(), "guest.came", "odd");
            assertThat(cairn.subscriptions().next("board", null).items()).isEmpty();

            assertThat(readers.run("subscriptions retry board")).isEqualTo("1 retried, 0 still parked.\n");
            assertThat(readers.run("subscriptions read board --limit 1").lines())
                    .anyMatch(line -> line.contains("guest.came"))
                    .noneMatch(line -> line.contains("guest.left"));
            var again = cairn.subscriptions().next("board", null);
            assertThat(again.items()).hasSize(2);
            cairn.subscriptions().park("board", ada.id(), "still odd");
            var key = cairn.subscriptions().parked("board").toList().getFirst();
            assertThat(key.attempts()).isEqualTo(2);
            assertThat(readers.run("subscriptions skip board " + key.key()))
                    .isEqualTo("2 events of " + key.key() + " skipped, 0 keys still parked.\n");
            say("parking", "guest.came", "ada");
            assertThat(cairn.subscriptions().next("board", null).items()).hasSize(1);
        }
    }

    @Test
    void aWebhookIsMadeChangedAndSwitchedOff() {
        var target = server.uri("/v1/status").toString();
        try (var cairn = client("tellers")) {
            var made = cairn.webhooks().create(new NewWebhook(target, "guest.*", null, null));
            assertThat(made.secret()).startsWith("whsec_");
            assertThat(cairn.webhooks().rotate(made.id(), null).secret()).isNotEqualTo(made.secret());
            assertThat(cairn.webhooks()
                            .change(made.id(), new NewWebhook(null, "guest.left", null, null))
                            .pattern())
                    .isEqualTo("guest.left");
            var ping = cairn.webhooks().ping(made.id());
            // The server that is asked refuses what has no key.
            await().untilAsserted(() ->
                    assertThat(cairn.tasks().get(ping.task()).reason()).isEqualTo("It answered 401"));
            assertThat(cairn.webhooks().disable(made.id()).status()).isEqualTo("disabled");
            assertThat(commands("tellers").run("webhooks")).contains(made.id(), "disabled", "switched off by");
            assertThat(commands("tellers").run("webhooks enable " + made.id()))
                    .isEqualTo("%s  %s  guest.left  active\n".formatted(made.id(), target));
            assertThat(commands("tellers").run("webhooks ping " + made.id())).startsWith("Sent by task ");
            assertThat(commands("tellers").run("webhooks rotate " + made.id())).contains("shown this once: whsec_");
            cairn.webhooks().delete(made.id());
            assertThat(cairn.webhooks().list()).isEmpty();
            assertThat(commands("tellers")
                            .call(Commands.words("cairn webhooks create http://169.254.169.254/latest"))
                            .exit())
                    .isNotZero();
        }
    }
}
