package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.LogPlace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What becomes of a task that runs: it is cancelled, shows how far it is, or loses its process; and what has ended is
/// removed.
public abstract class TaskRunsContract extends TaskFixture {
    protected TaskRunsContract(LogPlace place) {
        super(place);
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
        submit(task(DO, "later").dueAt(clock.instant().plusSeconds(60)));
        assertThat(node.tasks().list(ACME.tenant(), Tasks.Filter.all().in(TaskState.RUNNING), null, 10))
                .isEqualTo(new Tasks.Listed(List.of(found(id)), null));
        assertThat(node.tasks()
                        .list(ACME.tenant(), Tasks.Filter.all(), null, 10)
                        .tasks())
                .hasSize(2)
                .contains(found(id));
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
    void aTaskThatStillRunsWhenItsNodeEndsInOrderIsPutOffAndNoCrashIsCounted() {
        var kept = submit(task(DO, "a"));
        var cancelled = submit(task(DO, "b"));
        var overdue = submit(task(QUICK, "c"));
        node.claim();
        node.tasks().cancel(ACME, cancelled);
        clock.pass(Duration.ofSeconds(2));
        node.claim();

        node.engine().drain(Duration.ZERO);
        node.engine().close();
        node = node("b");
        node.claim();

        assertThat(found(kept)).satisfies(task -> {
            assertThat(task.crashes()).isZero();
            assertThat(task.attempts()).isZero();
            assertThat(task.postponements()).isEqualTo(1);
        });
        assertThat(found(cancelled).state()).isEqualTo(TaskState.CANCELLED);
        assertThat(found(overdue)).satisfies(task -> {
            assertThat(task.crashes()).isZero();
            assertThat(task.attempts()).isEqualTo(1);
            assertThat(task.postponements()).isZero();
        });
        clock.pass(Duration.ofSeconds(10));
        node.runUntilIdle();
        assertThat(done).containsExactlyInAnyOrder("a", "c");
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
    void aHandlerThatDoesNotHeedItsInterruptStopsItsLaneForAWhileOnly() {
        var id = submit(task(NARROW, "a"));
        submit(task(NARROW, "b"));
        node.claim();
        var stuck = node.begun().removeFirst();
        clock.pass(Duration.ofSeconds(61));
        node.claim();
        assertThat(stuck.isCancelled()).isTrue();
        assertThat(node.begun()).isEmpty();

        clock.pass(TaskEngine.PLACE_KEPT);
        node.runUntilIdle();

        assertThat(done).containsExactly("b");
        assertThat(node.engine().stuck()).isEqualTo(1);
        assertThat(found(id)).satisfies(task -> {
            assertThat(task.attempts()).isEqualTo(1);
            assertThat(task.reason()).isEqualTo("it took longer than PT1M and did not heed its interrupt");
        });

        stuck.run();
        clock.pass(Duration.ofSeconds(10));
        node.runUntilIdle();
        assertThat(done).containsExactly("b", "a");
        assertThat(node.engine().stuck()).isZero();
        assertThat(node.engine().zombies()).isEqualTo(1);
        assertThat(found(id).attempts()).isEqualTo(1);
    }

    @Test
    void onlySoManyThreadsAreLeftBehind() {
        IntStream.range(0, TaskEngine.STUCK_MAX + 8).forEach(i -> submit(task(QUICK, "a" + i)));
        var begun = new ArrayList<Run>();
        for (int i = 0; i < 10; i++) {
            node.claim();
            begun.addAll(node.begun());
            node.begun().clear();
            clock.pass(TaskEngine.PLACE_KEPT.plusSeconds(2));
        }

        assertThat(node.engine().stuck()).isEqualTo(TaskEngine.STUCK_MAX);
        assertThat(begun).hasSize(TaskEngine.STUCK_MAX + 4);

        begun.forEach(Run::run);
        node.claim();
        assertThat(node.engine().stuck()).isZero();
        assertThat(node.begun()).isNotEmpty();
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
}
