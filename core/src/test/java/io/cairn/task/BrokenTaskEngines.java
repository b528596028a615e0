package io.cairn.task;

import io.cairn.event.ForwardingSnapshot;
import io.cairn.event.ForwardingStorage;
import io.cairn.event.ForwardingTransaction;
import io.cairn.event.LogStorage;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.WriteTransaction;
import io.cairn.lease.Leases;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/// Engines of tasks that were broken on purpose, to see that the simulation finds it.
final class BrokenTaskEngines {
    private BrokenTaskEngines() {}

    /// Whoever held a slot once believes to hold it still.
    static TaskSimulation.Engine unfenced() {
        return new TaskSimulation.Engine() {
            @Override
            public LogStorage believed(LogStorage storage) {
                var leases = new HashMap<RowKey, Row>();
                return changing(storage, transaction -> new Believing(transaction, leases));
            }
        };
    }

    /// A lane that does not look at keys, so that a task is started before the head of its key has ended.
    static TaskSimulation.Engine skippingHeads() {
        return new TaskSimulation.Engine() {
            @Override
            public Lane.Order order() {
                return Lane.Order.PARALLEL;
            }
        };
    }

    /// The end of a head and what makes the next one ready are not one unit of work: the second may get lost.
    static TaskSimulation.Engine promotingLater() {
        return new TaskSimulation.Engine() {
            @Override
            public LogStorage believed(LogStorage storage) {
                var count = new AtomicInteger();
                return changing(storage, transaction -> new LeavingOut(transaction, TaskTables.KEY, 20, count));
            }
        };
    }

    /// A schedule that does not look whether the task of a time is there already.
    static TaskSimulation.Engine firingAgain() {
        return new TaskSimulation.Engine() {
            @Override
            public LogStorage believed(LogStorage storage) {
                return new ForwardingStorage() {
                    @Override
                    public LogStorage storage() {
                        return storage;
                    }

                    @Override
                    public ReadSnapshot seen(ReadSnapshot snapshot) {
                        return new Overlooking(snapshot);
                    }
                };
            }
        };
    }

    /// Does not find, if asked for it alone, a task that a schedule has enqueued.
    private record Overlooking(ReadSnapshot snapshot) implements ForwardingSnapshot {
        @Override
        public Optional<Row> row(Tenant tenant, Table table, RowKey key) {
            return snapshot.row(tenant, table, key)
                    .filter(row -> !table.equals(TaskTables.TASK)
                            || !row.text("correlation").contains("@")
                            || !row.text("state").equals(TaskState.DONE.text()));
        }
    }

    private interface Begun {
        WriteTransaction begun(WriteTransaction transaction);
    }

    private static LogStorage changing(LogStorage storage, Begun begun) {
        return new ForwardingStorage() {
            @Override
            public LogStorage storage() {
                return storage;
            }

            @Override
            public WriteTransaction begun(WriteTransaction transaction) {
                return begun.begun(transaction);
            }
        };
    }

    /// Finds each lease as this process left it.
    private record Believing(WriteTransaction transaction, Map<RowKey, Row> leases) implements ForwardingTransaction {
        private static boolean isLease(Table table) {
            return Leases.tables().contains(table) && table.name().equals("lease");
        }

        @Override
        public void change(Tenant tenant, RowChange change) {
            if (isLease(change.table()) && change instanceof RowChange.Put(var row, var keep)) {
                leases.put(change.key(), row);
            }
            transaction.change(tenant, change);
        }

        @Override
        public Optional<Row> row(Tenant tenant, Table table, RowKey key) {
            return isLease(table) && leases.containsKey(key)
                    ? Optional.of(leases.get(key))
                    : transaction.row(tenant, table, key);
        }
    }

    /// Leaves out the change of a table now and then, as if it were to be made later by a process that died.
    private record LeavingOut(WriteTransaction transaction, Table table, int oneIn, AtomicInteger count)
            implements ForwardingTransaction {
        @Override
        public void change(Tenant tenant, RowChange change) {
            if (!change.table().equals(table) || count.incrementAndGet() % oneIn != 0) {
                transaction.change(tenant, change);
            }
        }
    }
}
