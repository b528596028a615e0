package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.function.Supplier;
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

    static Stream<Named<Supplier<TaskSimulation.Engine>>> broken() {
        return Stream.of(
                Named.of("who was replaced goes on", BrokenTaskEngines::unfenced),
                Named.of("a task is claimed before the head of its key has ended", BrokenTaskEngines::skippingHeads),
                Named.of("a schedule enqueues the task of a time again", BrokenTaskEngines::firingAgain),
                Named.of("the next of a key is made ready in another unit", BrokenTaskEngines::promotingLater));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void anEngineThatIsBrokenOnPurposeIsFound(Supplier<TaskSimulation.Engine> engine) {
        assertThat(LongStream.range(0, 1_000)
                        .filter(seed -> {
                            try {
                                TaskSimulation.run(seed, ACTS, engine.get());
                                return false;
                            } catch (RuntimeException e) {
                                return true;
                            }
                        })
                        .findFirst())
                .as("a seed that shows it")
                .isPresent();
    }
}
