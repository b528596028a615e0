package io.cairn.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.bus.Interest;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.saga.Input;
import io.cairn.saga.Next;
import io.cairn.saga.SagaAction;
import io.cairn.saga.SagaStatus;
import io.cairn.saga.SagaType;
import io.cairn.task.DeadLetters;
import io.cairn.task.Execution;
import io.cairn.task.Lane;
import io.cairn.task.NewTask;
import io.cairn.task.Outcome;
import io.cairn.task.TaskState;
import io.cairn.task.TaskType;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;

/// Tasks, sagas and the bus in a Cairn in memory.
class TriedTasksTest {
    private static final Duration A_WHILE = Duration.ofMinutes(1);

    private final List<String> done = new ArrayList<>();

    private Outcome note(Execution run) {
        done.add(run.payload().path("name").asString());
        return Outcome.done(Outcome.Effects.append(new StreamAppend(
                new StreamId("note", run.id().toString()),
                Expected.any(),
                List.of(new NewEvent(
                        UUID.randomUUID(),
                        new EventType("note.taken"),
                        1,
                        "nobody",
                        run.payload(),
                        Instant.EPOCH,
                        null)))));
    }

    private InMemoryCairn noting(Scripted<Outcome> script) {
        return InMemoryCairn.builder()
                .lanes(Lane.sequential("one-by-one", 1))
                .tasks(
                        TaskType.of("note", "default", run -> script.or(() -> note(run))),
                        TaskType.of("in-turn", "one-by-one", run -> script.or(() -> note(run))))
                .open();
    }

    private static long notes(InMemoryCairn cairn) {
        return cairn.captured(Interest.exactly("note.taken")).size();
    }

    @Test
    void aTaskIsDoneWithItsEffects() {
        try (var cairn = noting(new Scripted<>())) {
            var id = cairn.enqueue("note", "{\"name\": \"a\"}");
            assertThat(cairn.task(id).state()).isEqualTo(TaskState.READY);

            cairn.runUntilIdle();

            assertThat(cairn.task(id).state()).isEqualTo(TaskState.DONE);
            assertThat(done).containsExactly("a");
            assertThat(notes(cairn)).isEqualTo(1);
        }
    }

    @Test
    void oneThatFailsIsTriedAgainOnceTimeHasPassed() {
        try (var cairn = noting(new Scripted<Outcome>().failing(new IllegalStateException("not yet")))) {
            var id = cairn.enqueue("note", "{\"name\": \"a\"}");

            cairn.runUntilIdle();
            assertThat(cairn.task(id).state()).isEqualTo(TaskState.LATER);
            assertThat(cairn.task(id).reason()).contains("not yet");
            cairn.clock().pass(A_WHILE);
            cairn.runUntilIdle();

            assertThat(cairn.task(id).state()).isEqualTo(TaskState.DONE);
        }
    }

    @Test
    void aProcessThatDiesInTheMidstOfATaskLeavesItToTheNextOne() {
        var script = new Scripted<Outcome>().crashing();
        try (var cairn = noting(script)) {
            var id = cairn.enqueue("note", "{\"name\": \"a\"}");

            cairn.runUntilIdle();
            assertThat(cairn.crashes()).isEqualTo(1);
            assertThat(cairn.task(id).crashes()).isEqualTo(1);
            cairn.clock().pass(A_WHILE);
            cairn.runUntilIdle();

            assertThat(script.isOver()).isTrue();
            assertThat(cairn.task(id).state()).isEqualTo(TaskState.DONE);
            assertThat(notes(cairn)).isEqualTo(1);
        }
    }

    @Test
    void whatWasCommittedOutlivesTheProcess() {
        try (var cairn = noting(new Scripted<>())) {
            var id = cairn.enqueue("note", "{\"name\": \"a\"}");

            cairn.crash().runUntilIdle().crash().runUntilIdle();

            assertThat(cairn.task(id).state()).isEqualTo(TaskState.DONE);
            assertThat(done).containsExactly("a");
        }
    }

    @Test
    void tasksOfAKeyFollowEachOtherAndADeadOneHoldsThem() {
        try (var cairn = noting(new Scripted<Outcome>().returning(Outcome.dead("broken")))) {
            for (var name : List.of("a", "b")) {
                var payload = JsonNodeFactory.instance.objectNode().put("name", name);
                cairn.tasks()
                        .submit(
                                InMemoryCairn.CONTEXT,
                                NewTask.of(cairn.ids().next(), "in-turn", payload)
                                        .withKey("k"));
            }
            cairn.runUntilIdle();
            assertThat(done).isEmpty();

            cairn.deadLetters().replay(InMemoryCairn.CONTEXT, DeadLetters.Filter.all(), 10);
            cairn.runUntilIdle();

            assertThat(done).containsExactly("a", "b");
        }
    }

    @Test
    void aCircleIsToldInsteadOfRunForEver() {
        var always = TaskType.of("circle", "default", run -> Outcome.snooze(Duration.ZERO, "again"));
        try (var cairn = InMemoryCairn.builder().tasks(always).open()) {
            cairn.enqueue("circle", "{}");

            assertThatThrownBy(cairn::runUntilIdle)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("There is still something to do");
        }
    }

    @Test
    void aHandlerOnTheBusThatFailsIsToldAndHurtsNoOther() {
        try (var cairn = InMemoryCairn.with()) {
            cairn.event("a/1", "added", "{}");
            var heard = new ArrayList<String>();
            cairn.subscribe("broken", Interest.matching("*"), event -> {
                throw new IllegalStateException("as it must");
            });
            cairn.subscribe(
                    "whole",
                    Interest.exactly("added"),
                    event -> heard.add(event.stream().id()));

            cairn.event("a/2", "added", "{}").event("a/3", "removed", "{}").runUntilIdle();

            assertThat(heard).containsExactly("2");
            assertThat(cairn.failures())
                    .extracting(failure ->
                            failure.handler() + " " + failure.event().type().name())
                    .containsExactly("broken added", "broken removed");
        }
    }

    private SagaType booking(Scripted<SagaAction.Reply> pay) {
        return SagaType.named("booking", TriedTasksTest::react)
                .startedBy("trip.wanted", event -> event.stream().id())
                .doing(SagaAction.named("reserve", call -> {
                            done.add("reserved");
                            return SagaAction.Reply.done(call.payload());
                        })
                        .undoneBy(call -> done.add("released")))
                .doing(SagaAction.named(
                        "pay",
                        call -> pay.or(() -> {
                            done.add("paid");
                            return SagaAction.Reply.done(call.payload());
                        })));
    }

    private static Next react(SagaType.At at, Input input) {
        var next = Next.to(at.state());
        return switch (input) {
            case Input.Happened happened -> next.act("reserve", at.state());
            case Input.Done(var action, var result) ->
                action.equals("reserve") ? next.act("pay", at.state()) : next.complete();
            case Input.Failed failed -> next.giveUp(failed.reason());
            case Input.TimedOut timer -> next.giveUp(timer.timer());
        };
    }

    private SagaStatus status(InMemoryCairn cairn) {
        return cairn.sagas().find(Tenant.DEFAULT, "booking", "7").orElseThrow().status();
    }

    @Test
    void aSagaIsCompletedThoughItsProcessDies() {
        try (var cairn = InMemoryCairn.builder()
                .sagas(booking(new Scripted<SagaAction.Reply>().crashing()))
                .open()) {
            cairn.event("trip/7", "trip.wanted", "{}").runUntilIdle();
            cairn.clock().pass(A_WHILE);
            cairn.runUntilIdle();

            assertThat(status(cairn)).isEqualTo(SagaStatus.COMPLETED);
            assertThat(done).containsExactly("reserved", "paid");
        }
    }

    @Test
    void aSagaThatFailsIsUndone() {
        try (var cairn = InMemoryCairn.builder()
                .sagas(booking(new Scripted<SagaAction.Reply>().returning(SagaAction.Reply.failed("no money"))))
                .open()) {
            cairn.event("trip/7", "trip.wanted", "{}").runUntilIdle();

            assertThat(status(cairn)).isEqualTo(SagaStatus.FAILED);
            assertThat(done).containsExactly("reserved", "released");
        }
    }
}
