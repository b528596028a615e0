package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.event.Appended;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.LogPlace;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/// Each task is done once, and tried again as its outcome and its policy say.
public abstract class TaskAttemptsContract extends TaskFixture {
    protected TaskAttemptsContract(LogPlace place) {
        super(place);
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
    void theSameIdIsEnqueuedOnce() {
        submit(task(DO, "a"));
        assertThat(node.tasks().submit(ACME, task(DO, "a"))).isInstanceOf(Tasks.Submitted.Existing.class);

        node.runUntilIdle();

        assertThat(done).containsExactly("a");
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
    void allAttemptsOfATaskHaveItsIdAndEachHasAnIdOfItsOwn() {
        scripted.put("a", List.of(Outcome.retry("away"), Outcome.snooze(Duration.ofSeconds(1), "not yet")));
        var id = submit(task(DO, "a"));

        var attempts = new ArrayList<String>();
        for (int i = 0; i < 3; i++) {
            node.claim();
            assertThat(node.begun())
                    .singleElement()
                    .satisfies(run -> assertThat(run.id()).isEqualTo(id));
            attempts.add(node.begun().getFirst().attemptId());
            node.run();
            node.claim();
            clock.pass(Duration.ofSeconds(10));
        }

        assertThat(done).containsExactly("a");
        assertThat(attempts).containsExactly(id + "/1", id + "/2", id + "/3");
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

    /// What a handler passes on may come from anybody, and one such outcome would otherwise stop the tasks of all.
    @ParameterizedTest
    @ValueSource(strings = {"nothing", "error", "for ever", "asleep", "in the past", "no reason"})
    void whateverAHandlerSaysTheOthersGoOn(String said) {
        var careless = submit(task(CARELESS, said));
        submit(task(DO, "a"));

        node.runUntilIdle();

        assertThat(done).containsExactly("a");
        assertThat(found(careless)).satisfies(task -> {
            assertThat(task.state()).isEqualTo(TaskState.LATER);
            assertThat(task.reason()).isNotBlank();
        });
    }

    /// Twelve hours at least, if nothing else is said: whoever has to mend what they need may be asleep.
    @Test
    void anOutageOfHoursKillsNothing() {
        var id = submit(task(CARELESS, "no reason"));

        for (int hour = 0; hour < 11; hour++) {
            for (int i = 0; i < 6; i++) {
                node.runUntilIdle();
                clock.pass(Duration.ofMinutes(10));
            }
        }
        assertThat(found(id).state()).isEqualTo(TaskState.LATER);

        for (int i = 0; i < 12; i++) {
            clock.pass(Duration.ofMinutes(10));
            node.runUntilIdle();
        }
        assertThat(found(id).state()).isEqualTo(TaskState.DEAD);
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
}
