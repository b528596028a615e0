package io.cairn.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.cairn.event.ForwardingStorage;
import io.cairn.event.ForwardingTransaction;
import io.cairn.event.LogStorage;
import io.cairn.event.WriteTransaction;
import io.cairn.lease.Leases;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.HashMap;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReactionSimulationTest {
    private static final int SEEDS = Integer.getInteger("cairn.test.seeds", 150);
    private static final int ACTS = 120;

    @Test
    void whateverFailsAndWhereverTheLogMovesEveryWordCountsOnce() {
        var outcomes = seeds().mapToObj(ReactionSimulationTest::run).toList();

        assertThat(outcomes).anyMatch(outcome -> outcome.words() > 100);
        assertThat(outcomes).anyMatch(outcome -> outcome.moves() > 1);
        assertThat(outcomes).anyMatch(outcome -> outcome.deaths() > 0);
    }

    private static LongStream seeds() {
        var alone = Long.getLong("cairn.test.seed");
        return alone == null ? LongStream.range(0, SEEDS) : LongStream.of(alone);
    }

    private static ReactionSimulation.Outcomes run(long seed) {
        try {
            return ReactionSimulation.run(seed, ACTS, storage -> storage);
        } catch (ReactionSimulation.Violation e) {
            return fail("Seed %d: %s. Run it alone with -Dcairn.test.seed=%d".formatted(seed, e.getMessage(), seed), e);
        }
    }

    static Stream<Named<UnaryOperator<LogStorage>>> broken() {
        return Stream.of(
                Named.of("nothing is marked", storage -> losing(storage, Marks.TABLE)),
                Named.of("what is parked does not move along", storage -> losing(storage, ParkedKeys.OF_REACTIONS)),
                Named.of("the checkpoint is not kept with the effects", storage -> losing(storage, Checkpoint.TABLE)),
                Named.of("who was replaced goes on", ReactionSimulationTest::unfenced));
    }

    @ParameterizedTest
    @MethodSource("broken")
    void aReactionThatIsBrokenOnPurposeIsFound(UnaryOperator<LogStorage> broken) {
        assertThat(LongStream.range(0, 1_000)
                        .filter(seed -> {
                            try {
                                ReactionSimulation.run(seed, ACTS, broken);
                                return false;
                            } catch (RuntimeException e) {
                                return true;
                            }
                        })
                        .findFirst())
                .as("a seed that shows it")
                .isPresent();
    }

    /// Leaves out each fifth change of a table.
    private static LogStorage losing(LogStorage storage, Table table) {
        var count = new int[1];
        return changing(storage, transaction -> new Believing(transaction, table) {
            @Override
            public void change(Tenant tenant, RowChange change) {
                if (!change.table().equals(table) || ++count[0] % 5 != 0) {
                    super.change(tenant, change);
                }
            }
        });
    }

    /// Whoever held a partition once believes to hold it still, and to be where it was.
    private static LogStorage unfenced(LogStorage storage) {
        var known = new HashMap<RowKey, Row>();
        return changing(storage, transaction -> new Believing(transaction, Checkpoint.TABLE) {
            @Override
            public void change(Tenant tenant, RowChange change) {
                if (isBelieved(change.table()) && change instanceof RowChange.Put(var row, var keep)) {
                    known.put(change.key(), row);
                }
                super.change(tenant, change);
            }

            @Override
            public Optional<Row> row(Tenant tenant, Table table, RowKey key) {
                return isBelieved(table) && known.containsKey(key)
                        ? Optional.of(known.get(key))
                        : super.row(tenant, table, key);
            }
        });
    }

    private static LogStorage changing(LogStorage storage, UnaryOperator<WriteTransaction> begun) {
        return new ForwardingStorage() {
            @Override
            public LogStorage storage() {
                return storage;
            }

            @Override
            public WriteTransaction begun(WriteTransaction transaction) {
                return begun.apply(transaction);
            }
        };
    }

    private static class Believing implements ForwardingTransaction {
        private final WriteTransaction transaction;
        private final Table table;

        Believing(WriteTransaction transaction, Table table) {
            this.transaction = transaction;
            this.table = table;
        }

        boolean isBelieved(Table other) {
            return other.equals(table)
                    || other.name().equals("lease") && Leases.tables().contains(other);
        }

        @Override
        public WriteTransaction transaction() {
            return transaction;
        }

        @Override
        public void change(Tenant tenant, RowChange change) {
            transaction.change(tenant, change);
        }

        @Override
        public Optional<Row> row(Tenant tenant, Table found, RowKey key) {
            return transaction.row(tenant, found, key);
        }
    }
}
