package io.cairn.task;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.StorageException;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.feature.Features;
import io.cairn.guard.Breaker;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// What tasks promise on every storage.
public abstract class TaskContract {
    protected static final Context ACME = new Context(new Tenant("acme"), "tester", "corr-1");
    protected static final Context GLOBEX = new Context(new Tenant("globex"), "tester", "corr-2");
    protected static final String DO = "thing.do";
    protected static final String TURN = "session.turn";
    protected static final String GUARDED = "service.call";
    protected static final String PATIENT = "service.wait";
    protected static final String PASS = "delivery.send";

    /// A new, empty storage with these tables.
    protected abstract LogStorage create(List<Table> tables);

    /// What another node, or the next process, opens on the same database.
    protected abstract LogStorage again(LogStorage storage);

    protected final SettableClock clock = new SettableClock();
    private final List<TaskNode> nodes = new ArrayList<>();
    protected final List<String> done = new ArrayList<>();
    protected final Map<String, List<Outcome>> scripted = new HashMap<>();
    private final Breaker breaker = new Breaker(
            "service", StorageException.FAILURES, new Breaker.Settings(3, Duration.ofSeconds(60)), clock::nanos);
    private int asked;
    private TaskSettings settings = TaskSettings.defaults();
    private LogStorage storage;
    protected TaskNode node;

    @BeforeEach
    void open() {
        storage = create(Features.of(List.of(TaskEngine.feature())).tables());
        node = node("a");
    }

    @AfterEach
    void stop() {
        nodes.forEach(TaskNode::close);
    }

    private TaskTypes types() {
        var retry = RetryPolicy.defaults().attempts(3).waiting(Duration.ofSeconds(10), Duration.ofSeconds(100));
        return new TaskTypes(
                List.of(
                        Lane.parallel("parallel", 4),
                        Lane.sequential("sessions", 4),
                        new Lane("deliveries", Lane.Order.SEQUENTIAL_PASS, 4)),
                List.of(
                        TaskType.of(DO, "parallel", this::handle).retrying(retry),
                        TaskType.of(TURN, "sessions", this::handle).retrying(retry),
                        TaskType.of(PASS, "deliveries", this::handle).retrying(retry),
                        TaskType.of(GUARDED, "parallel", this::handle)
                                .guardedBy(breaker)
                                .retrying(retry.attempts(20)),
                        TaskType.of(PATIENT, "parallel", this::handle)
                                .retrying(retry.givingUpAfter(Duration.ofHours(24)))));
    }

    private Outcome handle(Execution execution) {
        asked++;
        var name = execution.payload().path("name").asString();
        var script = scripted.getOrDefault(name, List.of());
        if (!script.isEmpty()) {
            scripted.put(name, script.subList(1, script.size()));
            return script.getFirst();
        }
        done.add(name);
        return Outcome.done();
    }

    /// The first node has the storage as it was made; each other one opens it again.
    protected final TaskNode node(String name) {
        var opened = nodes.isEmpty() ? storage : again(storage);
        var made = new TaskNode(name, opened, types(), settings, clock);
        nodes.add(made);
        return made;
    }

    protected static NewTask task(String type, String name) {
        return NewTask.of(
                UUID.nameUUIDFromBytes(name.getBytes(UTF_8)),
                type,
                JsonNodeFactory.instance.objectNode().put("name", name));
    }

    protected TaskId submit(NewTask task) {
        return submit(ACME, task);
    }

    protected TaskId submit(Context context, NewTask task) {
        return node.tasks().submit(context, task).id();
    }

    protected Task found(TaskId id) {
        return node.tasks().find(ACME.tenant(), id).orElseThrow();
    }

    @Test
    void aTaskIsDoneOnce() {
        var id = submit(task(DO, "a"));

        node.runUntilIdle();
        node.runUntilIdle();

        assertThat(done).containsExactly("a");
        assertThat(found(id).state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void aTaskIsEnqueuedWithTheEventsOfItsUnitOrNotAtAll() {
        var enqueued = node.tasks().enqueue(ACME, task(DO, "a"));
        var event = new NewEvent(
                UUID.randomUUID(),
                new EventType("thing.happened"),
                1,
                "subject",
                JsonNodeFactory.instance.objectNode(),
                clock.instant(),
                null);

        var refused = node.log()
                .append(new Unit(
                        ACME,
                        List.of(new StreamAppend(new StreamId("thing", "x"), Expected.version(7), List.of(event))),
                        enqueued.expectations(),
                        enqueued.rows()));
        node.runUntilIdle();
        assertThat(refused).isInstanceOf(Appended.Conflict.class);
        assertThat(done).isEmpty();

        node.log()
                .append(new Unit(
                        ACME,
                        List.of(new StreamAppend(new StreamId("thing", "x"), Expected.none(), List.of(event))),
                        enqueued.expectations(),
                        enqueued.rows()));
        node.runUntilIdle();
        assertThat(done).containsExactly("a");
    }

    @Test
    void oneThatFailsIsTriedAgainAfterAWhileAndThenGivesUp() {
        scripted.put("a", List.of(Outcome.retry("first"), Outcome.retry("second"), Outcome.retry("third")));
        var id = submit(task(DO, "a"));

        node.runUntilIdle();
        assertThat(found(id)).satisfies(task -> {
            assertThat(task.state()).isEqualTo(TaskState.LATER);
            assertThat(task.attempts()).isEqualTo(1);
            assertThat(task.reason()).isEqualTo("first");
            assertThat(Duration.between(clock.instant(), task.dueAt()))
                    .isBetween(Duration.ofMillis(4_800), Duration.ofSeconds(10));
        });

        clock.pass(Duration.ofSeconds(10));
        node.runUntilIdle();
        clock.pass(Duration.ofSeconds(20));
        node.runUntilIdle();

        assertThat(found(id)).satisfies(task -> {
            assertThat(task.state()).isEqualTo(TaskState.DEAD);
            assertThat(task.attempts()).isEqualTo(3);
            assertThat(task.history()).hasSize(3).last().asString().endsWith("dead: third");
        });
    }

    @Test
    void aRefusalThatSaysWhenToComeBackIsHeeded() {
        scripted.put("a", List.of(Outcome.retryAfter(Duration.ofMinutes(7), "busy")));
        var id = submit(task(DO, "a"));

        node.runUntilIdle();
        clock.pass(Duration.ofMinutes(6));
        node.runUntilIdle();
        assertThat(done).isEmpty();
        clock.pass(Duration.ofMinutes(1));
        node.runUntilIdle();

        assertThat(done).containsExactly("a");
        assertThat(found(id).state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void aSnoozeIsNoAttempt() {
        var snoozes = IntStream.range(0, 10)
                .mapToObj(i -> Outcome.snooze(Duration.ofSeconds(1), "not yet"))
                .toList();
        scripted.put("a", snoozes);
        var id = submit(task(DO, "a"));

        for (int i = 0; i <= snoozes.size(); i++) {
            node.runUntilIdle();
            clock.pass(Duration.ofSeconds(1));
        }

        assertThat(done).containsExactly("a");
        assertThat(found(id)).satisfies(task -> {
            assertThat(task.attempts()).isZero();
            assertThat(task.postponements()).isEqualTo(10);
        });
    }

    @Test
    void aPermanentFailureIsADeadLetterAtOnce() {
        scripted.put("a", List.of(Outcome.dead("no such thing")));
        var id = submit(task(DO, "a"));

        node.runUntilIdle();

        assertThat(found(id).state()).isEqualTo(TaskState.DEAD);
        assertThat(found(id).reason()).isEqualTo("no such thing");
    }

    @Test
    void tasksOfAKeyFollowEachOtherInTheirOrder() {
        for (int i = 0; i < 10; i++) {
            submit(task(TURN, "x" + i).withKey("x").withPriority(i));
            submit(task(TURN, "y" + i).withKey("y"));
        }

        node.claim();
        assertThat(node.begun()).hasSize(2);
        node.runUntilIdle();

        assertThat(done.stream().filter(name -> name.startsWith("x")))
                .containsExactly("x0", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8", "x9");
        assertThat(done.stream().filter(name -> name.startsWith("y")))
                .containsExactly("y0", "y1", "y2", "y3", "y4", "y5", "y6", "y7", "y8", "y9");
    }

    @Test
    void tasksOfAKeyThatAreEnqueuedInOneUnitKeepTheirOrder() {
        var enqueued = node.tasks()
                .enqueue(
                        ACME,
                        IntStream.range(0, 20)
                                .mapToObj(i -> task(TURN, "x" + i).withKey("x"))
                                .toList());
        node.log().append(new Unit(ACME, List.of(), enqueued.expectations(), enqueued.rows()));

        node.runUntilIdle();

        assertThat(done)
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(i -> "x" + i).toList());
    }

    @Test
    void keysLeaveNothingBehind() {
        IntStream.range(0, 50).forEach(i -> submit(task(TURN, "x" + i).withKey("k" + i)));

        node.runUntilIdle();

        assertThat(done).hasSize(50);
        assertThat(node.log()
                        .<Long>read(
                                ACME.tenant(),
                                view -> view.count(TaskTables.KEY)
                                        + view.count(TaskTables.QUEUE)
                                        + view.count(TaskTables.READY)
                                        + view.count(TaskTables.INBOX)
                                        + view.count(TaskTables.CLAIM)))
                .isZero();
    }

    @Test
    void aFailingHeadHoldsItsKeyUntilItIsDone() {
        scripted.put("x0", List.of(Outcome.retry("not now")));
        submit(task(TURN, "x0").withKey("x"));
        submit(task(TURN, "x1").withKey("x"));

        node.runUntilIdle();
        assertThat(done).isEmpty();
        clock.pass(Duration.ofSeconds(10));
        node.runUntilIdle();

        assertThat(done).containsExactly("x0", "x1");
    }

    @Test
    void aDeadHeadHoldsItsKeyUntilItIsReplayed() {
        scripted.put("x0", List.of(Outcome.dead("broken")));
        var dead = submit(task(TURN, "x0").withKey("x"));
        submit(task(TURN, "x1").withKey("x"));
        node.runUntilIdle();
        assertThat(done).isEmpty();

        assertThat(node.tasks().replay(ACME, dead)).isTrue();
        node.runUntilIdle();

        assertThat(done).containsExactly("x0", "x1");
        assertThat(found(dead).replays()).isEqualTo(1);
    }

    @Test
    void aDeadHeadThatIsDiscardedLetsTheNextGoOn() {
        scripted.put("x0", List.of(Outcome.dead("broken")));
        var dead = submit(task(TURN, "x0").withKey("x"));
        submit(task(TURN, "x1").withKey("x"));
        node.runUntilIdle();

        node.tasks().discard(ACME, dead);
        node.runUntilIdle();

        assertThat(done).containsExactly("x1");
        assertThat(found(dead).state()).isEqualTo(TaskState.DISCARDED);
        assertThat(found(dead).history()).last().asString().contains("discarded by tester (corr-1)");
    }

    @Test
    void whereTheDeadArePassedTheNextGoesOnAndAReplayComesInItsOldOrder() {
        scripted.put("x0", List.of(Outcome.dead("broken")));
        scripted.put("x1", List.of(Outcome.snooze(Duration.ofSeconds(5), "wait")));
        var dead = submit(task(PASS, "x0").withKey("x"));
        IntStream.range(1, 4).forEach(i -> submit(task(PASS, "x" + i).withKey("x")));
        node.runUntilIdle();
        assertThat(done).isEmpty();

        node.tasks().replay(ACME, dead);
        node.runUntilIdle();
        clock.pass(Duration.ofSeconds(5));
        node.runUntilIdle();

        assertThat(done).containsExactly("x1", "x0", "x2", "x3");
    }

    @Test
    void whateverEndsAHeadMakesTheNextOneReady() {
        var head = submit(task(TURN, "x0").withKey("x"));
        var middle = submit(task(TURN, "x1").withKey("x"));
        submit(task(TURN, "x2").withKey("x"));
        node.tasks().cancel(ACME, middle);
        node.tasks().cancel(ACME, head);

        node.runUntilIdle();

        assertThat(done).containsExactly("x2");
    }

    @Test
    void ofSeveralWithOneDeduplicationKeyThereIsOneUntilItHasEnded() {
        var first = submit(task(DO, "a").onceFor("k"));
        var second = node.tasks().submit(ACME, task(DO, "b").onceFor("k"));
        var others = node.tasks().submit(GLOBEX, task(DO, "c").onceFor("k"));

        assertThat(second).isEqualTo(new Tasks.Submitted.Existing(first));
        assertThat(others).isInstanceOf(Tasks.Submitted.Accepted.class);
        node.runUntilIdle();
        assertThat(node.tasks().submit(ACME, task(DO, "d").onceFor("k"))).isInstanceOf(Tasks.Submitted.Accepted.class);
    }

    @Test
    void ofSeveralWithOneDeduplicationKeyInOneBatchTheFirstIsEnqueued() {
        var batch = List.of(task(DO, "a").onceFor("k"), task(DO, "b").onceFor("k"), task(DO, "c"));

        var submitted = node.tasks().submit(ACME, batch);
        var again = node.tasks()
                .submit(ACME, List.of(task(DO, "d").onceFor("k"), task(DO, "e").onceFor("k")));

        var first = submitted.getFirst().id();
        assertThat(submitted.get(0)).isInstanceOf(Tasks.Submitted.Accepted.class);
        assertThat(submitted.get(1)).isEqualTo(new Tasks.Submitted.Existing(first));
        assertThat(submitted.get(2)).isInstanceOf(Tasks.Submitted.Accepted.class);
        assertThat(again).containsOnly(new Tasks.Submitted.Existing(first));
        node.runUntilIdle();
        assertThat(done).containsExactlyInAnyOrder("a", "c");
    }

    @Test
    void theSameIdIsEnqueuedOnce() {
        submit(task(DO, "a"));
        assertThat(node.tasks().submit(ACME, task(DO, "a"))).isInstanceOf(Tasks.Submitted.Existing.class);

        node.runUntilIdle();

        assertThat(done).containsExactly("a");
    }

    @Test
    void aTaskIsNotStartedBeforeItsTimeNorAfterItsDeadline() {
        submit(task(DO, "later").dueAt(clock.instant().plusSeconds(60)));
        var late = submit(task(DO, "late")
                .dueAt(clock.instant().plusSeconds(60))
                .before(clock.instant().plusSeconds(30)));

        node.runUntilIdle();
        assertThat(done).isEmpty();
        clock.pass(Duration.ofSeconds(60));
        node.runUntilIdle();

        assertThat(done).containsExactly("later");
        assertThat(found(late).state()).isEqualTo(TaskState.DEAD);
    }

    @Test
    void aDelayedHeadOfAKeyHoldsTheOthers() {
        submit(task(TURN, "x0").withKey("x").dueAt(clock.instant().plusSeconds(60)));
        submit(task(TURN, "x1").withKey("x"));

        node.runUntilIdle();
        assertThat(done).isEmpty();
        clock.pass(Duration.ofSeconds(60));
        node.runUntilIdle();

        assertThat(done).containsExactly("x0", "x1");
    }

    @Test
    void whatIsUrgentComesFirstButWhoeverWaitsLongEnoughHasItsTurn() {
        submit(task(DO, "old"));
        clock.pass(Duration.ofMinutes(6));
        submit(task(DO, "urgent").withPriority(5));
        submit(task(DO, "more urgent").withPriority(7));
        IntStream.range(0, 4).forEach(i -> submit(task(DO, "new" + i)));

        node.runUntilIdle();

        assertThat(done.subList(0, 3)).containsExactlyInAnyOrder("more urgent", "old", "urgent");
        node.claim();
    }

    @Test
    void aTenantWithManyTasksDoesNotKeepAnothersWaiting() {
        var many = node.tasks()
                .enqueue(
                        ACME,
                        IntStream.range(0, 100).mapToObj(i -> task(DO, "a" + i)).toList());
        node.log().append(new Unit(ACME, List.of(), many.expectations(), many.rows()));
        node.claim();
        submit(GLOBEX, task(DO, "quiet"));

        node.run();
        node.claim();
        node.run();

        assertThat(done).hasSize(8).contains("quiet");
    }

    @Test
    void oneLaneThatIsFullDoesNotKeepAnotherWaiting() {
        IntStream.range(0, 20).forEach(i -> submit(task(TURN, "x" + i).withKey("k" + i)));
        submit(task(DO, "a"));

        node.claim();

        assertThat(node.begun()).hasSize(5).anyMatch(run -> run.type().equals(DO));
    }

    @Test
    void ofEachLaneItIsToldHowLongTheNextTaskHasWaited() {
        for (int i = 0; i < 6; i++) {
            submit(task(DO, "a" + i).withPriority(i == 5 ? 100 : 0));
            clock.pass(Duration.ofSeconds(10));
        }
        submit(GLOBEX, task(TURN, "x0").withKey("x"));
        submit(GLOBEX, task(TURN, "x1").withKey("x"));
        submit(task(PASS, "later").dueAt(clock.instant().plus(Duration.ofHours(1))));
        node.claim();
        clock.pass(Duration.ofSeconds(1));

        var counts = TaskCounts.of(node.log());

        assertThat(node.begun()).hasSize(5);
        assertThat(counts.depth("sessions")).isEqualTo(2);
        assertThat(counts.waited("sessions", clock.instant())).isZero();
        assertThat(counts.waited("deliveries", clock.instant())).isZero();
        assertThat(counts.waited("parallel", clock.instant()))
                .isBetween(Duration.ofSeconds(31), Duration.ofSeconds(32));
    }

    @Test
    void aTaskThatIsCancelledWhileItRunsIsToldSo() {
        var id = submit(task(DO, "a"));
        node.claim();
        var run = node.begun().getFirst();

        node.tasks().cancel(ACME, id);
        node.claim();

        assertThat(run.isCancelled()).isTrue();
        node.runUntilIdle();
        assertThat(found(id).state()).isEqualTo(TaskState.CANCELLED);
        assertThat(done).isEmpty();
    }

    @Test
    void aTaskThatRunsIsSeenToRunWithItsProgress() {
        var id = submit(task(DO, "a"));
        node.claim();
        assertThat(found(id).state()).isEqualTo(TaskState.RUNNING);
        assertThat(found(id).progress()).isNull();

        node.begun().getFirst().progress(3, 10);
        node.claim();

        assertThat(found(id).progress()).isEqualTo(new Task.Progress(3, 10));
    }

    @Test
    void theTaskOfADeadProcessRunsAgainAndTheCrashIsCounted() {
        var id = submit(task(DO, "a"));
        node.claim();

        node = node("b");
        silence();
        node.claim();
        assertThat(found(id)).satisfies(task -> {
            assertThat(task.crashes()).isEqualTo(1);
            assertThat(task.attempts()).isZero();
        });
        clock.pass(Duration.ofSeconds(10));
        node.runUntilIdle();

        assertThat(done).containsExactly("a");
    }

    @Test
    void aTaskThatKillsItsProcessGivesUp() {
        var id = submit(task(DO, "a"));
        for (var process : List.of("b", "c", "d")) {
            clock.pass(Duration.ofMinutes(2));
            node.claim();
            node = node(process);
            silence();
            node.claim();
        }

        node.runUntilIdle();

        assertThat(found(id).state()).isEqualTo(TaskState.DEAD);
        assertThat(found(id).reason()).contains("crash");
    }

    @Test
    void aClockThatIsSetBackHoldsNothingUp() {
        submit(task(DO, "a"));
        clock.jump(Duration.ofHours(-1));
        submit(task(DO, "b"));

        node.runUntilIdle();

        assertThat(done).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aHugePayloadIsRefused() {
        var huge = NewTask.of(
                UUID.randomUUID(), DO, JsonNodeFactory.instance.objectNode().put("name", "x".repeat(300_000)));

        assertThatThrownBy(() -> submit(huge))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 262144 bytes");
    }

    @Test
    void hostileNamesAreKeptApart() {
        var keys = List.of("a b", "a:b", "'; DROP TABLE task; --", "\u00e4\ud83d\ude00", "%", "\\", "a\u2028b");
        keys.forEach(key -> submit(task(TURN, key).withKey(key).about(key)));

        node.runUntilIdle();

        assertThat(done).containsExactlyInAnyOrderElementsOf(keys);
        assertThatThrownBy(() -> task(TURN, "x").withKey("\0")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> submit(task("no.such", "x")))
                .hasMessageContaining("There is no type of task 'no.such'");
    }

    @Test
    void endedTasksAreRemovedAfterAWhile() {
        var id = submit(task(DO, "a"));
        node.runUntilIdle();
        clock.pass(Duration.ofHours(23));
        node.runUntilIdle();
        assertThat(node.tasks().find(ACME.tenant(), id)).isPresent();

        clock.pass(Duration.ofHours(1));
        node.runUntilIdle();

        assertThat(node.tasks().find(ACME.tenant(), id)).isEmpty();
    }

    @Test
    void furtherTasksCommitWithTheEndOfTheOneThatAskedForThem() {
        var next = node.tasks().enqueue(ACME, task(DO, "next"));
        scripted.put("a", List.of(Outcome.done(new Outcome.Effects(List.of(), next.expectations(), next.rows()))));
        var id = submit(task(DO, "a"));

        node.runUntilIdle();

        assertThat(done).containsExactly("next");
        assertThat(found(id).state()).isEqualTo(TaskState.DONE);
    }

    private StreamAppend happened(Expected expected) {
        var event = new NewEvent(
                UUID.randomUUID(),
                new EventType("thing.happened"),
                1,
                "subject",
                JsonNodeFactory.instance.objectNode(),
                clock.instant(),
                null);
        return new StreamAppend(new StreamId("thing", "x"), expected, List.of(event));
    }

    private List<Event> events() {
        return node.log().read(ACME.tenant(), view -> view.stream(new StreamId("thing", "x"), 0, 100));
    }

    @Test
    void eventsCommitWithTheEndOfTheTaskThatLedToThem() {
        var append = happened(Expected.none());
        scripted.put("a", List.of(Outcome.done(Outcome.Effects.append(append))));
        var id = submit(task(TURN, "a").withKey("x"));

        node.runUntilIdle();

        assertThat(found(id).state()).isEqualTo(TaskState.DONE);
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.id()).isEqualTo(append.events().getFirst().id());
            assertThat(event.correlation()).isEqualTo("corr-1");
        });
    }

    @Test
    void eventsThatAreThereAlreadyCountAsWritten() {
        var append = happened(Expected.any());
        node.log().append(Unit.of(ACME, append));
        scripted.put("a", List.of(Outcome.done(Outcome.Effects.append(append))));
        var id = submit(task(DO, "a"));

        node.runUntilIdle();

        assertThat(found(id).state()).isEqualTo(TaskState.DONE);
        assertThat(events()).hasSize(1);
    }

    @Test
    void aStreamThatIsNotAsExpectedMakesTheAttemptFail() {
        scripted.put("a", List.of(Outcome.done(Outcome.Effects.append(happened(Expected.version(7))))));
        var id = submit(task(DO, "a"));

        node.runUntilIdle();

        assertThat(found(id).state()).isEqualTo(TaskState.LATER);
        assertThat(found(id).reason()).contains("a stream was not as its effects expected");
        assertThat(events()).isEmpty();
    }

    private StreamAppend happenedTo(String what, Expected expected) {
        return new StreamAppend(
                new StreamId("thing", what), expected, happened(expected).events());
    }

    private long version(String what) {
        return node.log().read(ACME.tenant(), view -> view.version(new StreamId("thing", what)));
    }

    @Test
    void ofSeveralThatEndTogetherOnlyThatFailsWhoseEffectsAreRefused() {
        for (var name : List.of("a", "b", "c", "d")) {
            var expected = name.equals("c") ? Expected.version(7) : Expected.none();
            scripted.put(name, List.of(Outcome.done(Outcome.Effects.append(happenedTo(name, expected)))));
        }
        var ids = Stream.of("a", "b", "c", "d")
                .map(name -> submit(task(DO, name)))
                .toList();

        node.runUntilIdle();

        assertThat(ids)
                .extracting(id -> found(id).state())
                .containsExactly(TaskState.DONE, TaskState.DONE, TaskState.LATER, TaskState.DONE);
        assertThat(List.of(version("a"), version("b"), version("c"), version("d")))
                .containsExactly(1L, 1L, 0L, 1L);
    }

    @Test
    void severalThatEndTogetherAppendToTheSameStream() {
        for (var name : List.of("a", "b", "c")) {
            scripted.put(name, List.of(Outcome.done(Outcome.Effects.append(happenedTo("x", Expected.any())))));
        }
        var ids = Stream.of("a", "b", "c").map(name -> submit(task(DO, name))).toList();

        node.runUntilIdle();

        assertThat(ids).allSatisfy(id -> assertThat(found(id).state()).isEqualTo(TaskState.DONE));
        assertThat(version("x")).isEqualTo(3);
    }

    @Test
    void ofTwoThatEndTogetherAndExpectTheSameStreamToBeEmptyOneFails() {
        scripted.put("a", List.of(Outcome.done(Outcome.Effects.append(happenedTo("x", Expected.none())))));
        scripted.put("b", List.of(Outcome.done(Outcome.Effects.append(happenedTo("x", Expected.none())))));
        var ids = List.of(submit(task(DO, "a")), submit(task(DO, "b")));

        node.runUntilIdle();

        assertThat(ids).extracting(id -> found(id).state()).containsExactlyInAnyOrder(TaskState.DONE, TaskState.LATER);
        assertThat(version("x")).isEqualTo(1);
    }

    @Test
    void ofTwoThatEndTogetherAndExpectTheSameRowToBeAbsentOneFails() {
        var wanted = node.tasks().enqueue(ACME, task(DO, "one").onceFor("k"));
        var wantedToo = node.tasks().enqueue(ACME, task(DO, "other").onceFor("k"));
        scripted.put("a", List.of(Outcome.done(new Outcome.Effects(List.of(), wanted.expectations(), wanted.rows()))));
        scripted.put(
                "b", List.of(Outcome.done(new Outcome.Effects(List.of(), wantedToo.expectations(), wantedToo.rows()))));
        var ids = List.of(submit(task(DO, "a")), submit(task(DO, "b")));

        node.claim();
        node.run();
        node.claim();

        assertThat(ids).extracting(id -> found(id).attempts()).containsExactlyInAnyOrder(0L, 1L);
    }

    @Test
    void effectsThatMakeNoUnitOfWorkAreADeadLetterAndHoldNobodyUp() {
        var twice = happened(Expected.any()).events().getFirst();
        scripted.put(
                "a",
                List.of(Outcome.done(Outcome.Effects.append(
                        new StreamAppend(new StreamId("thing", "x"), Expected.any(), List.of(twice, twice))))));
        var poison = submit(task(DO, "a"));
        var sound = submit(task(DO, "b"));

        node.runUntilIdle();

        assertThat(found(poison).state()).isEqualTo(TaskState.DEAD);
        assertThat(found(poison).reason()).contains("its effects make no unit of work");
        assertThat(found(sound).state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void effectsThatTheStoreDoesNotKnowFailTheirTaskAndHoldNobodyUp() {
        var strange = new Table("nowhere", Table.Kind.STATE, List.of(Table.Column.text("id")), List.of());
        scripted.put(
                "a",
                List.of(Outcome.done(new Outcome.Effects(
                        List.of(), List.of(), List.of(new RowChange.Put(strange.row(Map.of("id", "x"))))))));
        submit(task(DO, "a"));
        var sound = submit(task(DO, "b"));

        int failed = 0;
        for (boolean idle = false; !idle && failed < 5; ) {
            try {
                node.runUntilIdle();
                idle = true;
            } catch (StorageException e) {
                failed++;
            }
        }

        assertThat(found(sound).state()).isEqualTo(TaskState.DONE);
    }

    @Test
    void effectsThatAreRefusedMakeTheAttemptFail() {
        submit(task(DO, "held").onceFor("k").dueAt(clock.instant().plusSeconds(600)));
        var refused = node.tasks().enqueue(ACME, task(DO, "next").onceFor("k"));
        scripted.put(
                "a", List.of(Outcome.done(new Outcome.Effects(List.of(), refused.expectations(), refused.rows()))));
        var id = submit(task(DO, "a"));

        node.runUntilIdle();

        assertThat(found(id).attempts()).isEqualTo(1);
        assertThat(done).isEmpty();
    }

    private static NewSchedule every5Minutes(CatchUp policy) {
        return NewSchedule.of(
                        "five",
                        CronExpression.parse("*/5 * * * *"),
                        ZoneOffset.UTC,
                        DO,
                        JsonNodeFactory.instance.objectNode().put("name", "fired"))
                .catchingUp(policy);
    }

    @Test
    void aScheduleFiresAtItsTimesAndSaysWhen() {
        node.schedules().put(ACME, every5Minutes(CatchUp.ONCE));
        node.runUntilIdle();
        assertThat(done).isEmpty();
        assertThat(node.schedules().find(ACME.tenant(), "five").orElseThrow().next())
                .isEqualTo(Instant.parse("2026-01-02T03:05:00Z"));

        for (int i = 0; i < 12; i++) {
            clock.pass(Duration.ofMinutes(1));
            node.runUntilIdle();
        }

        assertThat(done).hasSize(3);
        assertThat(node.schedules().find(ACME.tenant(), "five").orElseThrow()).satisfies(schedule -> {
            assertThat(schedule.fired()).isEqualTo(3);
            assertThat(schedule.last()).isEqualTo(Instant.parse("2026-01-02T03:15:00Z"));
            assertThat(found(Objects.requireNonNull(schedule.lastTask())).state())
                    .isEqualTo(TaskState.DONE);
        });
    }

    @Test
    void whatAScheduleMissedIsCaughtUpAsItsPolicySays() {
        for (var policy : CatchUp.values()) {
            done.clear();
            node.schedules().put(ACME, every5Minutes(policy));
            node.runUntilIdle();
            clock.pass(Duration.ofHours(10));
            clock.pass(Duration.ofMinutes(3));
            node.runUntilIdle();

            assertThat(done)
                    .hasSizeBetween(
                            switch (policy) {
                                case SKIP -> 0;
                                case ONCE -> 1;
                                case ALL -> 120;
                            },
                            switch (policy) {
                                case SKIP -> 0;
                                case ONCE -> 1;
                                case ALL -> 121;
                            });
            clock.pass(Duration.ofMinutes(5).minusSeconds((clock.instant().getEpochSecond() + 120) % 300));
        }
    }

    @Test
    void aFireTimeIsEnqueuedOnceWhicheverProcessLetsItFire() {
        node.schedules().put(ACME, every5Minutes(CatchUp.ALL));
        node.runUntilIdle();
        clock.pass(Duration.ofMinutes(5));
        node.engine().step();
        node = node("b");
        silence();
        node.claim();
        clock.pass(Duration.ofSeconds(30));
        node.runUntilIdle();

        assertThat(done).hasSize(1);
    }

    @Test
    void aPausedScheduleDoesNotFireAndDoesNotCatchUp() {
        node.schedules().put(ACME, every5Minutes(CatchUp.ALL));
        node.runUntilIdle();
        node.schedules().pause(ACME, "five");
        node.runUntilIdle();
        clock.pass(Duration.ofHours(1));
        node.runUntilIdle();
        assertThat(node.schedules().find(ACME.tenant(), "five").orElseThrow().next())
                .isNull();
        assertThat(done).isEmpty();

        node.schedules().resume(ACME, "five");
        node.runUntilIdle();
        clock.pass(Duration.ofMinutes(5));
        node.runUntilIdle();

        assertThat(done).hasSize(1);
    }

    @Test
    void aScheduleRunsNowBesidesItsTimesAndIsRemoved() {
        node.schedules().put(ACME, every5Minutes(CatchUp.ONCE));
        node.schedules().runNow(ACME, "five");
        node.runUntilIdle();
        assertThat(done).hasSize(1);

        node.schedules().remove(ACME, "five");
        node.runUntilIdle();
        clock.pass(Duration.ofHours(1));
        node.runUntilIdle();

        assertThat(done).hasSize(1);
        assertThat(node.schedules().list(ACME.tenant(), null, 10)).isEmpty();
    }

    @Test
    void deadLettersAreListedFilteredReplayedAndDiscarded() {
        for (var name : List.of("a", "b", "c")) {
            scripted.put(name, List.of(Outcome.dead("cannot do " + name)));
            submit(task(DO, name));
        }
        scripted.put("d", List.of(Outcome.dead("broken")));
        submit(task(TURN, "d").withKey("x"));
        node.runUntilIdle();
        var letters = node.deadLetters();

        assertThat(letters.list(ACME.tenant(), DeadLetters.Filter.all(), null, 10))
                .hasSize(4);
        assertThat(letters.list(GLOBEX.tenant(), DeadLetters.Filter.all(), null, 10))
                .isEmpty();
        var onlyB = new DeadLetters.Filter(DO, "parallel", null, "do b", null);
        assertThat(letters.list(ACME.tenant(), onlyB, null, 10)).hasSize(1);
        var first = letters.list(ACME.tenant(), DeadLetters.Filter.all(), null, 1);
        assertThat(letters.list(
                        ACME.tenant(),
                        DeadLetters.Filter.all(),
                        first.getFirst().place(),
                        10))
                .hasSize(3);

        assertThat(letters.discard(ACME, onlyB, 10)).isEqualTo(1);
        node.runUntilIdle();
        assertThat(letters.replay(ACME, DeadLetters.Filter.all(), 10)).isEqualTo(3);
        node.runUntilIdle();

        assertThat(done).containsExactlyInAnyOrder("a", "c", "d");
        assertThat(letters.list(ACME.tenant(), DeadLetters.Filter.all(), null, 10))
                .isEmpty();
    }

    @Test
    void aSecondDeathKeepsTheHistoryOfTheFirst() {
        scripted.put("a", List.of(Outcome.dead("first"), Outcome.dead("second")));
        var id = submit(task(DO, "a"));
        node.runUntilIdle();
        node.tasks().replay(ACME, id);
        node.runUntilIdle();

        assertThat(found(id).history()).hasSize(3);
        assertThat(String.join("\n", found(id).history())).contains("first", "replayed by tester", "second");
        assertThat(found(id).replays()).isEqualTo(1);
    }

    @Test
    void anOpenBreakerPutsTasksOffWithoutAnAttempt() {
        for (int i = 0; i < 40; i++) {
            scripted.put("g" + i, List.of(Outcome.retry("away"), Outcome.retry("away"), Outcome.retry("away")));
            submit(task(GUARDED, "g" + i));
        }

        for (int i = 0; i < 30; i++) {
            node.runUntilIdle();
            clock.pass(Duration.ofSeconds(10));
        }

        assertThat(asked).isLessThan(20);
        assertThat(node.deadLetters().list(ACME.tenant(), DeadLetters.Filter.all(), null, 100))
                .isEmpty();

        scripted.clear();
        for (int i = 0; i < 60; i++) {
            node.runUntilIdle();
            clock.pass(Duration.ofSeconds(10));
        }
        assertThat(done).hasSize(40);
    }

    @Test
    void anOutageThatIsLongerThanAllAttemptsKillsNothingThatMayWait() {
        scripted.put("p", Collections.nCopies(30, Outcome.retry("away")));
        var id = submit(task(PATIENT, "p"));

        for (int i = 0; i < 165; i++) {
            node.runUntilIdle();
            clock.pass(Duration.ofMinutes(1));
        }
        scripted.clear();
        for (int i = 0; i < 20; i++) {
            node.runUntilIdle();
            clock.pass(Duration.ofMinutes(1));
        }

        assertThat(found(id).state()).isEqualTo(TaskState.DONE);
        assertThat(found(id).attempts()).isGreaterThan(3);
    }

    @Test
    void anAttemptThatTakesTooLongIsInterruptedAndFails() {
        var id = submit(task(DO, "a"));
        node.claim();
        var run = node.begun().getFirst();

        clock.pass(Duration.ofSeconds(61));
        node.claim();
        assertThat(run.isCancelled()).isTrue();
        node.run();
        node.claim();

        assertThat(found(id).state()).isEqualTo(TaskState.LATER);
        assertThat(found(id).reason()).startsWith("it took longer than PT1M");
        assertThat(done).isEmpty();
    }

    /// Lets so much time pass, with signs of life of the present node alone, that the others' slots are free.
    protected void silence() {
        for (int i = 0; i < 6; i++) {
            clock.pass(Duration.ofSeconds(2));
            node.beat();
        }
    }
}
