package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.LogPlace;
import io.cairn.event.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Tasks that gave up stay to be looked at, replayed and discarded.
public abstract class DeadLettersContract extends TaskFixture {
    protected DeadLettersContract(LogPlace place) {
        super(place);
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
    void manyAreReplayedOrDiscardedByTheirIdsAndWhatIsNoDeadLetterIsPassedOver() {
        var ids = new ArrayList<TaskId>();
        for (int i = 0; i < 30; i++) {
            scripted.put("a" + i, List.of(Outcome.dead("broken")));
            ids.add(submit(task(DO, "a" + i)));
        }
        node.runUntilIdle();
        var fine = submit(task(DO, "fine"));
        node.runUntilIdle();
        var letters = node.deadLetters();
        var some = new ArrayList<>(ids.subList(0, 20));
        some.add(fine);
        some.add(new TaskId(UUID.randomUUID()));

        assertThat(letters.replay(GLOBEX, some, DeadLetters.Filter.all(), 100)).isZero();
        assertThat(letters.discard(ACME, some, new DeadLetters.Filter(TURN, null, null, null, null), 100))
                .isZero();
        assertThat(letters.replay(ACME, some, DeadLetters.Filter.all(), 100)).isEqualTo(20);
        node.runUntilIdle();
        clock.pass(Duration.ofSeconds(10));
        node.runUntilIdle();
        assertThat(done).hasSize(21);
        assertThat(letters.discard(ACME, ids, DeadLetters.Filter.all(), 3)).isEqualTo(3);
        node.runUntilIdle();

        assertThat(letters.list(ACME.tenant(), DeadLetters.Filter.all(), null, 100))
                .hasSize(7);
        assertThat(ids.subList(0, 20)).allSatisfy(id -> {
            assertThat(found(id).state()).isEqualTo(TaskState.DONE);
            assertThat(found(id).replays()).isEqualTo(1);
        });
    }

    @Test
    void ofAKeyItIsToldWhoHoldsItAndHowManyWaitBehind() {
        scripted.put("x0", List.of(Outcome.dead("broken")));
        scripted.put("z0", List.of(Outcome.dead("broken")));
        var head = submit(task(TURN, "x0").withKey("x"));
        var last = IntStream.range(1, 4)
                .mapToObj(i -> submit(task(TURN, "x" + i).withKey("x")))
                .toList()
                .getLast();
        submit(task(TURN, "y").withKey("y"));
        var passed = submit(task(PASS, "z0").withKey("z"));
        var alone = submit(task(DO, "a"));
        node.runUntilIdle();

        assertThat(lead(head)).contains(new Tasks.Lead(head, 3));
        assertThat(lead(last)).contains(new Tasks.Lead(head, 3));
        assertThat(lead(passed)).isEmpty();
        assertThat(lead(alone)).isEmpty();
        node.tasks().discard(ACME, head);
        node.runUntilIdle();
        assertThat(lead(last)).isEmpty();
    }

    private Optional<Tasks.Lead> lead(TaskId id) {
        return node.tasks().lead(ACME.tenant(), found(id));
    }

    @Test
    void aSecondDeathKeepsTheHistoryOfTheFirst() {
        scripted.put(
                "a",
                List.of(Outcome.retry("first"), Outcome.dead("broken"), Outcome.retry("second"), Outcome.dead("dead")));
        var id = submit(task(DO, "a"));
        node.runUntilIdle();
        clock.pass(Duration.ofSeconds(10));
        node.runUntilIdle();
        node.tasks().replay(ACME, id);
        node.runUntilIdle();
        clock.pass(Duration.ofSeconds(10));
        node.runUntilIdle();

        assertThat(found(id).history())
                .extracting(line -> line.substring(line.indexOf(' ') + 1))
                .containsExactly(
                        "attempt 1 failed: first",
                        "dead: broken",
                        "replayed by tester (corr-1)",
                        "attempt 1 of replay 1 failed: second",
                        "dead in replay 1: dead");
        assertThat(found(id)).satisfies(task -> {
            assertThat(task.state()).isEqualTo(TaskState.DEAD);
            assertThat(task.replays()).isEqualTo(1);
            assertThat(task.attempts()).isEqualTo(2);
        });
    }

    @Test
    void theLogKeepsWhoGaveUpADeadLetterAndWhyItHadDied() {
        for (int i = 0; i < 300; i++) {
            scripted.put("a" + i, List.of(Outcome.dead("broken")));
            submit(task(DO, "a" + i));
        }
        node.runUntilIdle();
        var id = node.deadLetters()
                .list(ACME.tenant(), DeadLetters.Filter.all(), null, 1)
                .getFirst()
                .task()
                .id();
        clock.pass(Duration.ofMinutes(1));

        node.deadLetters().discard(ACME, DeadLetters.Filter.all(), 1000);
        node.tasks().discard(ACME, id);
        node.runUntilIdle();

        var said = node.log().read(ACME.tenant(), view -> view.after(0, 1000));
        assertThat(said).hasSize(300);
        assertThat(said)
                .filteredOn(event -> event.stream().id().equals(id.toString()))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.type().name()).isEqualTo("cairn.task.discarded");
                    assertThat(event.actor()).isEqualTo("tester");
                    assertThat(event.correlation()).isEqualTo("corr-1");
                    assertThat(event.occurredAt()).isBetween(clock.instant().minusSeconds(1), clock.instant());
                    assertThat(((Payload.Open) event.payload()).json().toString())
                            .isEqualTo(
                                    "{\"task\":\"%s\",\"type\":\"thing.do\",\"lane\":\"parallel\",\"attempts\":1,\"crashes\":0,\"replays\":0,\"reason\":\"broken\"}",
                                    id);
                });
    }

    /// The type has no breaker of its own.
    @Test
    void aReplayAsksAServiceThatFailsNoMoreOftenThanABreakerLets() {
        for (int i = 0; i < 60; i++) {
            var script = new ArrayList<>(List.of(Outcome.dead("broken")));
            script.addAll(Collections.nCopies(50, Outcome.retry("away")));
            scripted.put("a" + i, script);
            submit(task(PATIENT, "a" + i));
        }
        node.runUntilIdle();
        asked = 0;

        node.deadLetters().replay(ACME, DeadLetters.Filter.all(), 100);
        node.runUntilIdle();
        assertThat(asked).isEqualTo(ReplayBreakers.SETTINGS.failures());

        var from = clock.instant();
        for (int i = 0; i < 30; i++) {
            clock.pass(Duration.ofSeconds(10));
            node.runUntilIdle();
        }
        long probes = Duration.between(from, clock.instant()).dividedBy(ReplayBreakers.SETTINGS.open());
        assertThat(asked).isBetween(5, ReplayBreakers.SETTINGS.failures() + (int) probes);
        assertThat(DeadLetters.count(node.log(), ACME.tenant())).isZero();

        scripted.clear();
        for (int i = 0; i < 30; i++) {
            clock.pass(Duration.ofSeconds(10));
            node.runUntilIdle();
        }
        assertThat(done).hasSize(60);
    }

    @Test
    void aReplayOfLettersThatGiveUpAgainStopsAfterTheFirst() {
        for (int i = 0; i < 60; i++) {
            scripted.put("a" + i, List.of(Outcome.dead("broken"), Outcome.dead("still broken")));
            submit(task(PATIENT, "a" + i));
        }
        node.runUntilIdle();
        asked = 0;

        node.deadLetters().replay(ACME, DeadLetters.Filter.all(), 100);
        node.runUntilIdle();

        assertThat(asked).isEqualTo(ReplayBreakers.SETTINGS.failures());
        assertThat(DeadLetters.count(node.log(), ACME.tenant())).isEqualTo(asked);

        scripted.clear();
        for (int i = 0; i < 30; i++) {
            clock.pass(Duration.ofSeconds(10));
            node.runUntilIdle();
        }
        assertThat(done).hasSize(60 - ReplayBreakers.SETTINGS.failures());
    }

    /// A breaker of its own is about a service, and to give up at once is not.
    @Test
    void aTaskThatGivesUpAtOnceDoesNotOpenTheBreakerOfItsType() {
        for (int i = 0; i < 10; i++) {
            scripted.put("g" + i, List.of(Outcome.dead("broken"), Outcome.dead("still broken")));
            submit(task(GUARDED, "g" + i));
        }
        node.runUntilIdle();
        node.deadLetters().replay(ACME, DeadLetters.Filter.all(), 100);
        node.runUntilIdle();

        assertThat(asked).isEqualTo(20);
    }

    @Test
    void tasksThatWereNotReplayedAreNotHeldBackByThoseThatWere() {
        scripted.put("a", List.of(Outcome.dead("broken")));
        submit(task(DO, "a"));
        node.runUntilIdle();
        scripted.put("a", Collections.nCopies(5, Outcome.retry("away")));
        node.deadLetters().replay(ACME, DeadLetters.Filter.all(), 100);
        node.runUntilIdle();
        clock.pass(Duration.ofSeconds(10));

        IntStream.range(0, 10).forEach(i -> submit(task(DO, "b" + i)));
        node.runUntilIdle();

        assertThat(done).hasSize(10);
    }
}
