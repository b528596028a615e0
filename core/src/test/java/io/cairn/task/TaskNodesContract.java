package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.LogPlace;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What tasks promise where several nodes share a storage.
public abstract class TaskNodesContract extends TaskFixture {
    protected TaskNodesContract(LogPlace place) {
        super(place);
    }

    @Test
    void theResultOfAZombieDoesNotCount() {
        var zombie = node;
        var id = submit(task(TURN, "x0").withKey("x"));
        submit(task(TURN, "x1").withKey("x"));
        zombie.claim();
        node = node("b");
        silence();
        node.claim();
        clock.pass(Duration.ofSeconds(10));
        node.claim();
        assertThat(node.begun()).hasSize(1);

        scripted.put("x0", List.of(Outcome.dead("of a zombie")));
        zombie.run();
        zombie.engine().step();
        zombie.beat();
        zombie.engine().step();
        assertThat(found(id).state()).isEqualTo(TaskState.RUNNING);
        node.runUntilIdle();

        assertThat(found(id).state()).isEqualTo(TaskState.DONE);
        assertThat(done).containsExactly("x0", "x1");
    }

    @Test
    void aTaskOfALiveNodeIsNeverTakenOver() {
        submit(task(DO, "a"));
        node.claim();
        var other = node("b");

        for (int i = 0; i < 12; i++) {
            clock.pass(Duration.ofSeconds(2));
            node.beat();
            other.beat();
            node.engine().step();
            other.claim();
        }

        assertThat(other.begun()).isEmpty();
        node.runUntilIdle();
        assertThat(done).containsExactly("a");
    }

    @Test
    void theParallelTasksOfOneTenantAreSharedByTheNodes() {
        node.claim();
        var other = node("b");
        for (int i = 0; i < 4; i++) {
            clock.pass(Duration.ofSeconds(2));
            node.beat();
            other.beat();
            node.claim();
            other.claim();
        }

        IntStream.range(0, 40).forEach(i -> submit(task(DO, "a" + i)));
        node.claim();
        other.claim();
        assertThat(node.begun()).hasSize(4);
        assertThat(other.begun()).hasSize(4);
        while (!node.begun().isEmpty() || !other.begun().isEmpty()) {
            node.run();
            other.run();
            node.claim();
            other.claim();
        }

        assertThat(done).hasSize(40);
        assertThat(new HashSet<>(done)).hasSize(40);
    }

    @Test
    void aSlotIsNotGivenAwayWhileSomethingRunsInIt() {
        IntStream.range(0, 4).forEach(i -> submit(new Context(new Tenant("t" + i), "x", "y"), task(DO, "a" + i)));
        node.claim();
        var other = node("b");

        for (int i = 0; i < 12; i++) {
            clock.pass(Duration.ofSeconds(2));
            node.beat();
            other.beat();
            node.engine().step();
            other.claim();
        }
        node.runUntilIdle();
        other.runUntilIdle();

        assertThat(done).containsExactlyInAnyOrder("a0", "a1", "a2", "a3");
        assertThat(node.engine().zombies()).isZero();
    }
}
