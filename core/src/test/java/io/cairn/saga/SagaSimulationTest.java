package io.cairn.saga;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.cairn.event.ForwardingStorage;
import io.cairn.event.ForwardingTransaction;
import io.cairn.event.LogStorage;
import io.cairn.event.WriteTransaction;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SagaSimulationTest {
    private static final int SEEDS = Integer.getInteger("cairn.test.seeds", 60);
    private static final int ACTS = 150;

    @Test
    void whateverFailsEverySagaIsCompletedOrUndone() {
        var outcomes = seeds().mapToObj(SagaSimulationTest::run).toList();

        assertThat(outcomes).anyMatch(outcome -> outcome.completed() > 0);
        assertThat(outcomes).anyMatch(outcome -> outcome.failed() > 0);
        assertThat(outcomes).anyMatch(outcome -> outcome.deaths() > 0);
    }

    private static LongStream seeds() {
        var alone = Long.getLong("cairn.test.seed");
        return alone == null ? LongStream.range(0, SEEDS) : LongStream.of(alone);
    }

    private static SagaSimulation.Outcomes run(long seed) {
        try {
            return SagaSimulation.run(seed, ACTS, new SagaSimulation.Broken() {});
        } catch (SagaSimulation.Violation e) {
            return fail("Seed %d: %s. Run it alone with -Dcairn.test.seed=%d".formatted(seed, e.getMessage(), seed), e);
        }
    }

    static Stream<Named<Supplier<SagaSimulation.Broken>>> broken() {
        return Stream.of(
                Named.of("a compensation is registered after its action", RegisteringLate::new),
                Named.of("what may have happened is not probed", NotProbing::new),
                Named.of("who was replaced goes on", Unfenced::new));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aSagaThatIsBrokenOnPurposeIsFound(Supplier<SagaSimulation.Broken> broken) {
        assertThat(LongStream.range(0, 300)
                        .filter(seed -> {
                            try {
                                SagaSimulation.run(seed, ACTS, broken.get());
                                return false;
                            } catch (RuntimeException e) {
                                return true;
                            }
                        })
                        .findFirst())
                .as("a seed that shows it")
                .isPresent();
    }

    private static final class RegisteringLate implements SagaSimulation.Broken {
        @Override
        public boolean registersLate() {
            return true;
        }
    }

    private static final class NotProbing implements SagaSimulation.Broken {
        @Override
        public SagaAction action(SagaAction action) {
            return action.probedBy(call -> SagaAction.Probed.didNot());
        }
    }

    /// Whoever held a slot once believes to hold it still, and the sagas to be as it left them.
    private static final class Unfenced implements SagaSimulation.Broken {
        private static final Set<String> BELIEVED = Set.of("lease", "saga");

        @Override
        public LogStorage believed(LogStorage storage) {
            var known = new HashMap<String, Row>();
            return new ForwardingStorage() {
                @Override
                public LogStorage storage() {
                    return storage;
                }

                @Override
                public WriteTransaction begun(WriteTransaction transaction) {
                    return new Believing(transaction, known);
                }
            };
        }

        private record Believing(WriteTransaction transaction, Map<String, Row> known)
                implements ForwardingTransaction {
            @Override
            public void change(Tenant tenant, RowChange change) {
                if (BELIEVED.contains(change.table().name()) && change instanceof RowChange.Put(var row, var keep)) {
                    known.put(tenant + " " + change.table().name() + change.key(), row);
                }
                transaction.change(tenant, change);
            }

            @Override
            public Optional<Row> row(Tenant tenant, Table table, RowKey key) {
                var believed = known.get(tenant + " " + table.name() + key);
                return believed == null ? transaction.row(tenant, table, key) : Optional.of(believed);
            }
        }
    }
}
