package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.LogPlace;
import io.cairn.event.Unit;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Which task comes next: within a key, among priorities, tenants and lanes, and at what time.
public abstract class TaskOrderContract extends TaskFixture {
    protected TaskOrderContract(LogPlace place) {
        super(place);
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
    void whereOneTaskRunsAtATimeTenantsTakeTurns() {
        var many = node.tasks()
                .enqueue(
                        ACME,
                        IntStream.range(0, 50)
                                .mapToObj(i -> task(NARROW, "a" + i))
                                .toList());
        node.log().append(new Unit(ACME, List.of(), many.expectations(), many.rows()));
        clock.pass(Duration.ofMinutes(1));
        IntStream.range(0, 3).forEach(i -> submit(GLOBEX, task(NARROW, "quiet" + i)));

        node.runUntilIdle();

        assertThat(done.indexOf("quiet2")).isLessThan(7);
        assertThat(done).hasSize(53);
    }

    @Test
    void aKeyWithOneTaskDoesNotWaitForAnothersBacklogThoughOneTaskRunsAtATime() {
        IntStream.range(0, 50).forEach(i -> submit(task(ALONE, "x" + i).withKey("x")));
        submit(task(ALONE, "y0").withKey("y"));
        node.claim();
        assertThat(node.begun()).hasSize(1);
        submit(task(ALONE, "z0").withKey("z"));

        node.runUntilIdle();

        assertThat(done.indexOf("y0")).isBetween(0, 2);
        assertThat(done.indexOf("z0")).isBetween(0, 4);
        assertThat(done).hasSize(52);
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
        submit(task(PASS, "later").dueAt(clock.instant().plus(Duration.ofHours(1))));
        node.claim();
        clock.pass(Duration.ofSeconds(1));

        var counts = TaskCounts.of(node.log(), clock.instant());

        assertThat(node.begun()).hasSize(5);
        assertThat(counts.depth("sessions")).isEqualTo(1);
        assertThat(counts.waited("sessions", clock.instant())).isZero();
        assertThat(counts.waited("deliveries", clock.instant())).isZero();
        assertThat(counts.waited("parallel", clock.instant()))
                .isBetween(Duration.ofSeconds(31), Duration.ofSeconds(32));
    }

    @Test
    void ofEachLaneItIsToldHowLongTasksHaveWaitedBehindTheirHeadOrUnnoticed() {
        scripted.put("x0", List.of(Outcome.dead("broken")));
        for (int i = 0; i < 3; i++) {
            submit(task(TURN, "x" + i).withKey("x"));
            submit(GLOBEX, task(TURN, "y" + i).withKey("y"));
            clock.pass(Duration.ofSeconds(10));
        }
        node.runUntilIdle();
        submit(task(DO, "due").dueAt(clock.instant().plusSeconds(20)));
        submit(task(PASS, "z0").withKey("z"));
        clock.pass(Duration.ofSeconds(30));

        var counts = TaskCounts.of(node.log(), clock.instant());

        assertThat(counts.waited("sessions", clock.instant()))
                .isBetween(Duration.ofSeconds(50), Duration.ofSeconds(51));
        assertThat(counts.waited("parallel", clock.instant())).isEqualTo(Duration.ofSeconds(10));
        assertThat(counts.waited("deliveries", clock.instant()))
                .isBetween(Duration.ofSeconds(29), Duration.ofSeconds(31));
        node.runUntilIdle();
        var after = TaskCounts.of(node.log(), clock.instant());
        assertThat(after.waited("parallel", clock.instant())).isZero();
        assertThat(after.waited("deliveries", clock.instant())).isZero();
    }

    @Test
    void ofALaneThatANodeHasNotGotItIsToldWhatIsLeftInIt() {
        IntStream.range(0, 3).forEach(i -> submit(task(NARROW, "a" + i)));
        IntStream.range(0, 2).forEach(i -> submit(task(TURN, "x" + i).withKey("x")));
        submit(GLOBEX, task(NARROW, "theirs"));
        node = nodeWithout("b", Set.of("narrow"));
        silence();
        node.runUntilIdle();
        assertThat(done).containsExactly("x0", "x1");

        var counts = TaskCounts.of(node.log(), clock.instant());
        assertThat(counts.lanes()).containsExactly("narrow");
        assertThat(counts.depth("narrow")).isEqualTo(4);
        assertThat(counts.waited("narrow", clock.instant())).isPositive();
        var own = TaskCounts.of(node.log(), ACME.tenant());
        assertThat(own.lanes()).containsExactly("narrow");
        assertThat(own.depth("narrow")).isEqualTo(3);

        node = node("c");
        silence();
        node.runUntilIdle();
        assertThat(done).hasSize(6);
        assertThat(TaskCounts.of(node.log(), clock.instant()).lanes()).isEmpty();
    }

    @Test
    void aClockThatIsSetBackHoldsNothingUp() {
        submit(task(DO, "a"));
        clock.jump(Duration.ofHours(-1));
        submit(task(DO, "b"));

        node.runUntilIdle();

        assertThat(done).containsExactlyInAnyOrder("a", "b");
    }
}
