package io.cairn.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The engine under a seeded scheduler. A run that fails names its seed; `-Dcairn.test.seed=N` runs that one alone.
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("cairn.test.seeds", 2_000);
    private static final int ACTS = 120;
    private static final Simulation.Engine CORRECT = new Simulation.Engine() {};

    @Test
    void whateverFailsNothingAcknowledgedIsLostAndEveryProjectionEqualsTheLog() {
        long acknowledged = 0;
        long crashes = 0;
        long faults = 0;
        for (long seed : seeds().toArray()) {
            try {
                var outcome = Simulation.run(seed, ACTS, CORRECT);
                acknowledged += outcome.acknowledged();
                crashes += outcome.crashes();
                faults += outcome.faults();
            } catch (Violation e) {
                fail("Seed %d: %s. Run it alone with -Dcairn.test.seed=%d".formatted(seed, e.getMessage(), seed), e);
            }
        }
        assertThat(acknowledged).isPositive();
        assertThat(crashes).isPositive();
        assertThat(faults).isPositive();
    }

    private static LongStream seeds() {
        var alone = Long.getLong("cairn.test.seed");
        return alone == null ? LongStream.range(0, SEEDS) : LongStream.of(alone);
    }

    @Test
    void aSeedAlwaysGivesTheSameRun() {
        assertThat(Simulation.run(7, ACTS, CORRECT)).isEqualTo(Simulation.run(7, ACTS, CORRECT));
    }

    static Stream<Named<Supplier<Simulation.Engine>>> broken() {
        return Stream.of(
                Named.of("positions from a sequence", BrokenEngines::naiveSequence),
                Named.of("the head is read before the lock", BrokenEngines::headBeforeLock),
                Named.of("acknowledged before it is durable", BrokenEngines::acknowledgesFirst),
                Named.of("the checkpoint is written after the effects", BrokenEngines::checkpointAfterEffects),
                Named.of("the checkpoint is written before the effects", BrokenEngines::checkpointBeforeEffects));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void anEngineThatIsBrokenOnPurposeIsFound(Supplier<Simulation.Engine> engine) {
        assertThat(found(engine)).as("a seed that shows it").isPresent();
    }

    private static OptionalLong found(Supplier<Simulation.Engine> engine) {
        return LongStream.range(0, 200)
                .filter(seed -> {
                    try {
                        Simulation.run(seed, ACTS, engine.get());
                        return false;
                    } catch (Violation e) {
                        return true;
                    }
                })
                .findFirst();
    }
}
