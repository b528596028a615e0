package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.event.Event;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.LogPlace;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.lease.LeaseSettings;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/// What tasks promise where several nodes share a storage.
public abstract class TaskNodesContract extends TaskFixture {
    private int names;

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
    void theEventsOfAZombieAreRefused() {
        var zombie = node;
        submit(task(TURN, "x0").withKey("x"));
        zombie.claim();
        node = node("b");
        silence();
        node.claim();
        clock.pass(Duration.ofSeconds(10));
        node.claim();
        assertThat(node.begun()).hasSize(1);

        var late = UUID.randomUUID();
        var counted = UUID.randomUUID();
        scripted.put("x0", List.of(happened(late), happened(counted)));
        zombie.run();
        zombie.engine().step();
        zombie.beat();
        zombie.engine().step();
        node.runUntilIdle();
        zombie.engine().step();

        assertThat(node.log().<List<Event>>read(ACME.tenant(), view -> view.after(0, 10)))
                .extracting(Event::id)
                .containsExactly(counted);
        assertThat(zombie.engine().zombies()).isEqualTo(1);
    }

    private Outcome happened(UUID id) {
        var event = new NewEvent(
                id,
                new EventType("thing.happened"),
                1,
                "subject",
                JsonNodeFactory.instance.objectNode(),
                clock.instant(),
                null);
        return Outcome.done(Outcome.Effects.append(
                new StreamAppend(new StreamId("thing", id.toString()), Expected.any(), List.of(event))));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 1})
    void aClockThatIsAnHourWrongOnOneNodeChangesNothing(long hours) {
        var wrong = new SettableClock();
        wrong.jump(Duration.ofHours(hours));
        var other = node("b", wrong);
        for (int i = 0; i < 20; i++) {
            submit(task(DO, "a" + i));
            (i % 2 == 0 ? node : other)
                    .tasks()
                    .submit(ACME, task(TURN, "x%02d".formatted(i)).withKey("x"));
        }

        for (int i = 0; i < 30; i++) {
            clock.pass(Duration.ofSeconds(1));
            wrong.pass(Duration.ofSeconds(1));
            node.claim();
            other.claim();
            if (i % 4 == 3) {
                node.run();
                other.run();
            }
        }
        finish(node, other);

        assertThat(done).hasSize(40).doesNotHaveDuplicates();
        assertThat(done.stream().filter(name -> name.startsWith("x"))).isSorted();
        assertThat(node.engine().zombies() + other.engine().zombies()).isZero();
        assertThat(node.tasks()
                        .list(ACME.tenant(), Tasks.Filter.all(), null, 100)
                        .tasks())
                .allSatisfy(task -> assertThat(task.crashes() + task.attempts()).isZero());
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

    /// Each task takes four seconds, and one runs in every slot at any moment.
    @Test
    void aNodeThatJoinsUnderConstantLoadHasWorkWithinThreeLeaseTimes() {
        var all = new ArrayList<NewTask>();
        IntStream.range(0, 80).forEach(i -> all.add(inSlot(DO, "parallel", i % Slots.COUNT)));
        all.forEach(this::submit);
        node.claim();
        var other = node("b");

        var deadline = clock.instant().plus(LeaseSettings.defaults().time().multipliedBy(3));
        while (other.begun().isEmpty()) {
            assertThat(clock.instant()).isBefore(deadline);
            clock.pass(Duration.ofMillis(800));
            other.beat();
            node.begun().removeFirst().run();
            node.claim();
            other.claim();
        }

        finish(node, other);
        assertThat(done).hasSize(80);
        assertThat(all)
                .allSatisfy(task ->
                        assertThat(found(new TaskId(task.id())).crashes()).isZero());
    }

    @Test
    void aLaneInWhichNothingRunsGoesOnInASlotThatALongTaskHolds() {
        IntStream.range(0, 8).forEach(i -> submit(inSlot(DO, "parallel", i % Slots.COUNT)));
        node.claim();
        assertThat(node.begun()).hasSize(4);
        var other = node("b");
        together(node, other, 12);

        IntStream.range(0, Slots.COUNT).forEach(slot -> submit(inSlot(NARROW, "narrow", slot)));
        for (int i = 0; i < Slots.COUNT; i++) {
            node.claim();
            assertThat(node.begun()).hasSize(5);
            node.begun().removeLast().run();
        }
        assertThat(done).hasSize(Slots.COUNT);

        node.run();
        together(node, other, 10);
        assertThat(node.begun()).isNotEmpty();
        assertThat(other.begun()).isNotEmpty();
        finish(node, other);
        assertThat(done).hasSize(12);
        assertThat(node.engine().zombies()).isZero();
    }

    private void together(TaskNode one, TaskNode other, int seconds) {
        for (int i = 0; i < seconds; i++) {
            clock.pass(Duration.ofSeconds(1));
            one.beat();
            other.beat();
            one.claim();
            other.claim();
        }
    }

    private static void finish(TaskNode one, TaskNode other) {
        while (!one.begun().isEmpty() || !other.begun().isEmpty()) {
            one.run();
            other.run();
            one.claim();
            other.claim();
        }
    }

    private NewTask inSlot(String type, String lane, int slot) {
        while (true) {
            var task = task(type, "t" + names++);
            if (Slots.of(lane, task.id().toString()) == slot) {
                return task;
            }
        }
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
