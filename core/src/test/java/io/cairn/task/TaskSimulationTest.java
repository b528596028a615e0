package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TaskSimulationTest {
    private static final int SEEDS = Integer.getInteger("cairn.test.seeds", 150);
    private static final int ACTS = 400;

    @Test
    void whateverFailsEveryTaskEndsOnceInEffectThoseOfAKeyInTheirOrderAndASchedulesOnceAtEachTime() {
        var outcomes = seeds().mapToObj(TaskSimulationTest::run).toList();

        assertThat(outcomes).anyMatch(outcome -> outcome.done() > 0);
        assertThat(outcomes).anyMatch(outcome -> outcome.cancelled() > 0);
        assertThat(outcomes).anyMatch(outcome -> outcome.fired() > 0);
        assertThat(outcomes).anyMatch(outcome -> outcome.deaths() > 0);
        assertThat(outcomes).anyMatch(outcome -> outcome.endedInOrder() > 0);
    }

    private static LongStream seeds() {
        var alone = Long.getLong("cairn.test.seed");
        return alone == null ? LongStream.range(0, SEEDS) : LongStream.of(alone);
    }

    private static TaskSimulation.Outcomes run(long seed) {
        try {
            return TaskSimulation.run(seed, ACTS, new TaskSimulation.Engine() {});
        } catch (TaskSimulation.Violation e) {
            return fail("Seed %d: %s. Run it alone with -Dcairn.test.seed=%d".formatted(seed, e.getMessage(), seed), e);
        }
    }

    /// An engine that was broken on purpose, and what of its promises is then broken.
    private record Broken(Supplier<TaskSimulation.Engine> engine, Pattern violation) {}

    static Stream<Named<Broken>> broken() {
        return Stream.of(
                broken(
                        "who was replaced goes on",
                        BrokenTaskEngines::unfenced,
                        // A task whose row says what no other table does any more, since two have moved it.
                        "There is no end: .* is (later|ready).*|[0-9]+ rows are left in task_ready"),
                broken(
                        "a task is claimed before the head of its key has ended",
                        BrokenTaskEngines::skippingHeads,
                        "The tasks of .* did not happen in their order.*"),
                broken(
                        "a schedule enqueues the task of a time again",
                        BrokenTaskEngines::firingAgain,
                        "What .*@.* asked for happened [2-9] times"),
                broken(
                        "the next of a key is made ready in another unit",
                        BrokenTaskEngines::promotingLater,
                        "There is no end: \\[(\\S+ is waiting(, )?)+]|[0-9]+ rows are left in task_key"));
    }

    private static Named<Broken> broken(String how, Supplier<TaskSimulation.Engine> engine, String violation) {
        return Named.of(how, new Broken(engine, Pattern.compile(violation)));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void anEngineThatIsBrokenOnPurposeIsFound(Broken broken) {
        assertThat(LongStream.range(0, 1_000)
                        .filter(seed -> shows(seed, broken))
                        .findFirst())
                .as("a seed that shows it")
                .isPresent();
    }

    /// What such an engine throws besides shows nothing: the simulation has to find the promise that is broken.
    private static boolean shows(long seed, Broken broken) {
        try {
            TaskSimulation.run(seed, ACTS, broken.engine().get());
            return false;
        } catch (TaskSimulation.Violation e) {
            return broken.violation().matcher(String.valueOf(e.getMessage())).matches();
        } catch (RuntimeException e) {
            return false;
        }
    }
}
