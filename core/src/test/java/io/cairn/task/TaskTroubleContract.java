package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.cairn.event.LogPlace;
import io.cairn.event.StorageException;
import io.cairn.event.Unit;
import io.cairn.row.RowChange;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What has gone wrong with queues elsewhere: one key, lane, payload or commit that fails, or a backlog, and
/// others that pay for it.
public abstract class TaskTroubleContract extends TaskFixture {
    protected TaskTroubleContract(LogPlace place) {
        super(place);
    }

    static Stream<Arguments> endsAndFaults() {
        return Stream.of("cancelled", "discarded", "expired", "dead")
                .flatMap(end ->
                        Stream.of(Fault.BEFORE_COMMIT, Fault.AFTER_COMMIT).map(fault -> Arguments.of(end, fault)));
    }

    @ParameterizedTest
    @MethodSource("endsAndFaults")
    void whateverEndsAHeadWhileItsConnectionBreaksTheNextGoesOn(String end, Fault breaking) {
        var type = end.equals("dead") || end.equals("expired") ? PASS : TURN;
        boolean dies = end.equals("dead") || end.equals("discarded");
        scripted.put("x0", dies ? List.of(Outcome.dead("broken")) : List.of());
        var head = task(type, "x0").withKey("x");
        var in30s = clock.instant().plusSeconds(30);
        var id = submit(end.equals("expired") ? head.dueAt(in30s).before(in30s) : head);
        submit(task(type, "x1").withKey("x"));
        switch (end) {
            case "cancelled" -> node.tasks().cancel(ACME, id);
            case "discarded" -> {
                node.runUntilIdle();
                node.tasks().discard(ACME, id);
            }
            case "expired" -> {
                node.claim();
                clock.pass(Duration.ofSeconds(30));
            }
            default -> {
                node.claim();
                node.run();
            }
        }

        fault = breaking;
        for (int i = 0; i < 2; i++) {
            clock.pass(TaskSettings.defaults().pollEvery());
            // Of a unit with events the log finds out by itself whether it was committed.
            assertThat(catchThrowable(() -> node.engine().step()))
                    .satisfiesAnyOf(
                            none -> assertThat(none).isNull(),
                            failed -> assertThat(failed).isInstanceOf(StorageException.class));
        }
        fault = Fault.NONE;
        // What a broken commit made ready is seen at the next poll, whose time hangs on chance.
        clock.pass(TaskSettings.defaults().pollEvery());
        node.runUntilIdle();

        assertThat(done).containsExactly("x1");
    }

    @Test
    void aStoreThatIsAwayForAMinuteLosesNothingAndNothingHappensTwice() {
        IntStream.range(0, 12).forEach(i -> submit(task(DO, "a" + i)));
        IntStream.range(0, 6).forEach(i -> submit(task(TURN, "x" + i).withKey("x")));
        node.claim();

        fault = Fault.AWAY;
        node.run();
        for (int i = 0; i < 30; i++) {
            clock.pass(Duration.ofSeconds(2));
            assertThatThrownBy(() -> node.engine().step()).isInstanceOf(StorageException.class);
        }
        fault = Fault.NONE;
        node.runUntilIdle();

        assertThat(done).hasSize(18).doesNotHaveDuplicates();
        assertThat(done.stream().filter(name -> name.startsWith("x"))).isSorted();
    }

    @Test
    void ofAHotKeyOneTaskRunsAtATimeHoweverManyAreStartedAtOnce() {
        var all = Stream.concat(
                        IntStream.range(0, 30)
                                .mapToObj(i -> task(TURN, "h%02d".formatted(i)).withKey("hot")),
                        IntStream.range(0, 30).mapToObj(i -> task(TURN, "k" + i).withKey("k" + i % 7)))
                .toList();
        node.tasks().submit(ACME, all);

        for (node.claim(); !node.begun().isEmpty(); node.claim()) {
            assertThat(node.engine().running())
                    .filteredOn(run -> run.key().orElseThrow().equals("hot"))
                    .hasSizeLessThanOrEqualTo(1);
            assertThat(node.engine().running().stream().map(run -> run.key().orElseThrow()))
                    .doesNotHaveDuplicates();
            node.begun().removeFirst().run();
        }

        assertThat(done).hasSize(60);
        assertThat(done.stream().filter(name -> name.startsWith("h"))).isSorted();
    }

    @Test
    void aKeyIsHeldByItsHeadThatIsStuckAndTriedAgain() {
        submit(task(TURN, "x0").withKey("x"));
        submit(task(TURN, "x1").withKey("x"));
        node.claim();
        node.begun().clear();
        clock.pass(Duration.ofSeconds(61));
        node.claim();
        clock.pass(TaskEngine.PLACE_KEPT);

        node.claim();
        assertThat(node.engine().stuck()).isEqualTo(1);
        assertThat(node.begun()).isEmpty();
        clock.pass(Duration.ofSeconds(10));
        node.runUntilIdle();
        assertThat(done).containsExactly("x0", "x1");
    }

    @Test
    void whatCannotBeBegunKeepsNothingElseFromBeginning() {
        var damaged = submit(task(DO, "damaged"));
        var late = submit(task(DO, "late").before(clock.instant().minusSeconds(1)));
        submit(task(DO, "a"));
        submit(task(TURN, "x").withKey("x"));
        var row = node.log()
                .read(
                        ACME.tenant(),
                        view -> view.row(TaskTables.TASK, TaskTables.TASK.key(damaged.toString()))
                                .orElseThrow());
        var garbled = new TaskRow(ACME.tenant(), row).with(Map.of("payload", new byte[60]));
        node.log().append(Unit.rows(ACME, List.of(new RowChange.Put(garbled.row()))));

        node.runUntilIdle();

        assertThat(done).containsExactlyInAnyOrder("a", "x");
        assertThat(found(late).state()).isEqualTo(TaskState.DEAD);
        assertThat(found(damaged).state()).isEqualTo(TaskState.DEAD);
        assertThat(found(damaged).reason()).startsWith("its payload cannot be read");
    }

    @Test
    void aLaneWithABacklogDoesNotKeepTheTaskOfAnIdleOneWaiting() {
        for (int i = 0; i < 4; i++) {
            int from = i * 500;
            node.tasks()
                    .submit(
                            ACME,
                            IntStream.range(from, from + 500)
                                    .mapToObj(each -> task(DO, "a" + each))
                                    .toList());
        }
        node.claim();
        assertThat(node.begun()).hasSize(4);

        submit(task(NARROW, "narrow"));
        submit(task(TURN, "turn").withKey("x"));
        submit(task(PASS, "pass").withKey("y"));
        node.engine().step();
        node.engine().step();

        assertThat(node.begun().stream().map(Run::type)).contains(NARROW, TURN, PASS);
    }

    /// A priority of ten counts like ten minutes of waiting.
    @Test
    void whatIsNotUrgentWaitsNoLongerThanItsPriorityIsLowerHoweverMuchIsUrgent() {
        submit(task(NARROW, "low"));
        var from = clock.instant();
        for (int i = 0; !done.contains("low"); i++) {
            submit(task(NARROW, "high" + i).withPriority(10));
            submit(task(NARROW, "high too" + i).withPriority(10));
            node.claim();
            node.run();
            clock.pass(Duration.ofSeconds(30));
            assertThat(i).isLessThan(100);
        }

        assertThat(Duration.between(from, clock.instant())).isBetween(Duration.ofMinutes(9), Duration.ofMinutes(21));
    }
}
