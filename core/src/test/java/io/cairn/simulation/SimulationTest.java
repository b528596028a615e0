package io.cairn.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The engine under a seeded scheduler. A run that fails names its seed and tells its last steps; `-Dcairn.test.seed=N`
/// runs that one alone, `-Dcairn.test.seeds=N` as many as one likes.
class SimulationTest {
    private static final int SEEDS = Integer.getInteger("cairn.test.seeds", 4_000);
    private static final int ACTS = 120;
    private static final Logger ENGINE = Logger.getLogger("io.cairn");

    /// What the engine logs of so many runs is of no use to anybody.
    @BeforeAll
    static void quiet() {
        ENGINE.setLevel(Level.OFF);
    }

    @AfterAll
    static void asBefore() {
        ENGINE.setLevel(null);
    }

    @Test
    void whateverFailsNothingAcknowledgedIsLostAndEveryProjectionEqualsTheLog() {
        var outcomes = seeds().mapToObj(SimulationTest::run).toList();

        assertThat(outcomes).anyMatch(outcome -> outcome.acknowledged() > 0);
        assertThat(outcomes).anyMatch(outcome -> outcome.deaths() > 0);
        assertThat(outcomes).anyMatch(outcome -> outcome.faults() > 0);
        assertThat(outcomes).anyMatch(outcome -> outcome.stalls() > 0);
    }

    private static Simulation.Outcome run(long seed) {
        try {
            return Simulation.run(seed, ACTS, Engine.CORRECT);
        } catch (Violation e) {
            return fail(told(seed, e), e);
        }
    }

    private static String told(long seed, Violation violation) {
        return "Seed %d: %s. Run it alone with -Dcairn.test.seed=%d%nThe last steps:%n%s"
                .formatted(seed, violation.getMessage(), seed, String.join("\n", violation.steps()));
    }

    private static LongStream seeds() {
        var alone = Long.getLong("cairn.test.seed");
        return alone == null ? LongStream.range(0, SEEDS).parallel() : LongStream.of(alone);
    }

    @Test
    void aSeedAlwaysGivesTheSameRun() {
        assertThat(Simulation.run(7, ACTS, Engine.CORRECT)).isEqualTo(Simulation.run(7, ACTS, Engine.CORRECT));
    }

    static Stream<Named<Supplier<Engine>>> broken() {
        return Stream.of(
                Named.of("positions from a sequence", BrokenEngines::naiveSequence),
                Named.of("the head is read before the lock", BrokenEngines::headBeforeLock),
                Named.of("a head is presumed and not looked at", BrokenEngines::presumesForEver),
                Named.of("acknowledged before it is durable", BrokenEngines::acknowledgesFirst),
                Named.of("the checkpoint is written after the effects", BrokenEngines::checkpointAfterEffects),
                Named.of("pages are taken as they come", BrokenEngines::takesPagesAsTheyCome),
                Named.of("the checkpoint is written before the effects", BrokenEngines::checkpointBeforeEffects),
                Named.of("poison is skipped silently", BrokenEngines::skipsPoisonSilently),
                Named.of("streams are parked in memory only", BrokenEngines::parksInMemory),
                Named.of("a generation takes over before it has caught up", BrokenEngines::switchesTooEarly),
                Named.of("tables take over without the rest of the log", BrokenEngines::switchesWithoutTheRest),
                Named.of("rows are shared before their checkpoint", BrokenEngines::sharedCheckpointLater),
                Named.of("shared rows take over without the rest", BrokenEngines::switchesSharedWithoutCatchingUp),
                Named.of("shared rows go to exchanged tables", BrokenEngines::writesToExchangedTables),
                Named.of("shared rows of others are not read again", BrokenEngines::keepsRowsOfOthers),
                Named.of("who was replaced goes on with shared rows", BrokenEngines::unfencedSharedOwner),
                Named.of("who was replaced writes on", BrokenEngines::unfencedOwner),
                Named.of("a checkpoint stands for the fence", BrokenEngines::checkpointForAFence),
                Named.of("what the reaction of a feature made comes after its checkpoint", BrokenEngines::reactsLater),
                Named.of("the events of a unit are committed before its rows", BrokenEngines::eventsBeforeRows));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void anEngineThatIsBrokenOnPurposeIsFound(Supplier<Engine> engine) {
        assertThat(found(engine)).as("a seed that shows it").isPresent();
    }

    private static OptionalLong found(Supplier<Engine> engine) {
        return LongStream.range(0, 1_000)
                .parallel()
                .filter(seed -> {
                    try {
                        Simulation.run(seed, ACTS, engine.get());
                        return false;
                    } catch (Violation e) {
                        return true;
                    }
                })
                .findAny();
    }
}
