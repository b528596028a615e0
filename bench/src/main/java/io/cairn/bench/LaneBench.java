package io.cairn.bench;

import static io.cairn.bench.Table.number;

import io.cairn.adapter.sql.PostgresLogStorage;
import io.cairn.task.Handler;
import io.cairn.task.Lane;
import io.cairn.task.NewTask;
import io.cairn.task.Outcome;
import io.cairn.task.TaskType;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import tools.jackson.databind.node.JsonNodeFactory;

/// What some tasks of Cairn do to others, on PostgreSQL: those behind a locked key, those of a busy tenant, those that
/// call a model; and what a snapshot that somebody holds open does to all of them.
final class LaneBench {
    private static final int UNIT = 500;
    private static final int BOUND = 50;
    private static final double SLOWED_MAX = 1.2;
    private static final double SOONER = 3;

    /// A task has two rows, of which the end of it changes one and removes both; what is shared by many comes on top.
    private static final int DEAD_MAX = 5;
    private static final long CALL_MS = 200;
    private static final long QUIET_MS = 20;
    private static final long LOOK_EVERY_MS = 50;

    private final PostgresServer server;
    private final int tasks;
    private final int waiting;
    private final Table table;

    private LaneBench(PostgresServer server, Options options) {
        this.server = server;
        this.tasks = options.number("tasks", 10_000);
        this.waiting = options.number("waiting", 100_000);
        this.table = Table.begin("What tasks do to others", "case", "alone", "beside", "ratio", "goal");
    }

    static void run(Options options) throws Exception {
        var server = PostgresServer.required();
        System.out.println(server.line());
        var bench = new LaneBench(server, options);
        bench.lockedKeys();
        bench.busyTenant();
        bench.calls();
        bench.heldSnapshot();
    }

    /// Work with a node whose tables are empty.
    @FunctionalInterface
    private interface Use<T> {
        T on(TaskNode node) throws Exception;
    }

    private <T> T fresh(List<Lane> lanes, List<TaskType> types, Use<T> use) throws Exception {
        return server.withSchema("lanes", schema -> {
            try (var node =
                    TaskNode.open(PostgresLogStorage.open(schema.settings()), lanes, types.toArray(TaskType[]::new))) {
                return use.on(node);
            }
        });
    }

    private static void enqueue(TaskNode node, Context context, int count, IntFunction<NewTask> each) {
        for (int from = 0; from < count; from += UNIT) {
            var some = new ArrayList<NewTask>();
            for (int i = from; i < Math.min(count, from + UNIT); i++) {
                some.add(each.apply(i));
            }
            node.enqueue(context, some);
        }
    }

    private static Handler releasing(Semaphore done) {
        return execution -> {
            done.release();
            return Outcome.done();
        };
    }

    // Tasks of other keys

    private void lockedKeys() throws Exception {
        otherKeys(0, true); // warms up
        double alone = otherKeys(0, true);
        double beside = otherKeys(waiting, true);
        row(
                "%,d tasks of as many keys, beside %,d that wait behind two keys which are locked"
                        .formatted(tasks, waiting),
                number("%.1f s", alone),
                number("%.1f s", beside),
                beside / alone);
        double arriving = otherKeys(waiting, false);
        table.row(
                "the same, where nobody has looked at those %,d yet".formatted(waiting),
                number("%.1f s", alone),
                number("%.1f s", arriving),
                number("%.2f", arriving / alone),
                "");
    }

    /// @param arrived whether those behind the locked keys stand in their keys' queues before the others come
    private double otherKeys(int behind, boolean arrived) throws Exception {
        var done = new Semaphore(0);
        var locked = new CountDownLatch(1);
        var lanes = List.of(Lane.sequential("keys", BOUND));
        var types =
                List.of(TaskType.of("nothing", "keys", releasing(done)), TaskType.of("locked", "keys", execution -> {
                    locked.await();
                    return Outcome.done();
                }));
        return server.withSchema("lanes", schema -> {
            try (var node =
                    TaskNode.open(PostgresLogStorage.open(schema.settings()), lanes, types.toArray(TaskType[]::new))) {
                if (arrived) {
                    node.start();
                }
                enqueue(node, TaskNode.CONTEXT, behind, i -> node.task("locked").withKey("locked-" + i % 2));
                if (arrived) {
                    awaitArrived(schema);
                }
                server.settle();
                long begun = System.nanoTime();
                enqueue(node, TaskNode.CONTEXT, tasks, i -> node.task("nothing").withKey("key-" + i));
                if (!arrived) {
                    node.start();
                }
                done.acquire(tasks);
                double took = seconds(begun);
                locked.countDown();
                return took;
            }
        });
    }

    /// Waits until every task that was enqueued has been put where it belongs.
    private static void awaitArrived(PostgresServer schema) throws Exception {
        try (var connection = schema.connect();
                var statement = connection.createStatement()) {
            boolean arrived = false;
            while (!arrived) {
                Thread.sleep(LOOK_EVERY_MS);
                try (var rows = statement.executeQuery("SELECT NOT EXISTS (SELECT 1 FROM task_inbox)")) {
                    rows.next();
                    arrived = rows.getBoolean(1);
                }
            }
        }
    }

    // Tasks of another tenant

    private void busyTenant() throws Exception {
        double alone = quietTenant(0);
        double beside = quietTenant(waiting);
        row(
                "one task of %d ms at a time, from enqueued to done, beside a tenant with %,d such tasks in the lane"
                        .formatted(QUIET_MS, waiting),
                number("%.1f ms", alone),
                number("%.1f ms", beside),
                beside / alone);
    }

    /// @return the median in milliseconds
    private double quietTenant(int busy) throws Exception {
        var done = new LinkedBlockingQueue<Long>();
        var type = TaskType.of("call", "shared", execution -> {
            Thread.sleep(QUIET_MS);
            if (execution.payload().has("quiet")) {
                done.add(System.nanoTime());
            }
            return Outcome.done();
        });
        return fresh(List.of(Lane.parallel("shared", BOUND)), List.of(type), node -> {
            enqueue(node, TaskNode.context(new Tenant("busy")), busy, i -> node.task("call"));
            server.settle();
            node.start();
            var took = new ArrayList<Double>();
            for (int i = 0; i < 200; i++) {
                long begun = System.nanoTime();
                node.enqueue(
                        TaskNode.context(new Tenant("quiet")),
                        List.of(node.task(
                                "call", JsonNodeFactory.instance.objectNode().put("quiet", true))));
                took.add((done.take() - begun) / 1e6);
            }
            return took.stream().sorted().toList().get(took.size() / 2);
        });
    }

    // Tasks that call a model

    private void calls() throws Exception {
        int some = 200;
        double serial = others(some, true);
        double lanes = others(some, false);
        table.row(
                "%d tasks, each fifth of them a call of %d ms that must follow the one before: until the others are done"
                        .formatted(some, CALL_MS),
                number("%.2f s in one serial queue", serial),
                number("%.2f s in two lanes", lanes),
                number("%.1f × sooner", serial / lanes),
                "≥ 3 " + Table.met(serial / lanes >= SOONER));
    }

    private double others(int some, boolean serial) throws Exception {
        var done = new Semaphore(0);
        var lanes = List.of(Lane.sequential("calls", BOUND), Lane.parallel("rest", BOUND));
        var types = List.of(
                TaskType.of("call", "calls", execution -> {
                    Thread.sleep(CALL_MS);
                    return Outcome.done();
                }),
                TaskType.of("queued", "calls", releasing(done)),
                TaskType.of("other", "rest", releasing(done)));
        return fresh(lanes, types, node -> {
            enqueue(
                    node,
                    TaskNode.CONTEXT,
                    some,
                    i -> i % 5 == 0
                            ? node.task("call").withKey("session")
                            : serial ? node.task("queued").withKey("session") : node.task("other"));
            long begun = System.nanoTime();
            node.start();
            done.acquire(some - some / 5);
            return seconds(begun);
        });
    }

    // A snapshot that is held open

    private record Load(double rate, long dead) {}

    private void heldSnapshot() throws Exception {
        var free = load(false);
        var held = load(true);
        table.row(
                "%,d tasks that do nothing, while a snapshot is held open for the whole run".formatted(tasks),
                number("%.0f tasks/s, %,d dead rows", free.rate(), free.dead()),
                number("%.0f tasks/s, %,d dead rows", held.rate(), held.dead()),
                number("%.0f %% lost", 100 * (1 - held.rate() / free.rate())),
                number("≤ %d dead rows a task %s", DEAD_MAX, Table.met(held.dead() <= (long) DEAD_MAX * tasks)));
    }

    private Load load(boolean holding) throws Exception {
        var done = new Semaphore(0);
        return server.withSchema("lanes", schema -> {
            try (var node = TaskNode.open(
                            PostgresLogStorage.open(schema.settings()),
                            List.of(Lane.parallel("all", BOUND)),
                            TaskType.of("nothing", "all", releasing(done)));
                    var holder = holding ? Holder.of(schema) : null) {
                enqueue(node, TaskNode.CONTEXT, tasks, i -> node.task("nothing"));
                server.settle();
                long begun = System.nanoTime();
                node.start();
                done.acquire(tasks);
                return new Load(tasks / seconds(begun), dead(schema));
            }
        });
    }

    /// A transaction that has seen something and does not end.
    private record Holder(Connection connection) implements AutoCloseable {
        static Holder of(PostgresServer server) throws SQLException {
            var connection = server.connect();
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute("SELECT count(*) FROM pg_class");
            }
            return new Holder(connection);
        }

        @Override
        public void close() throws SQLException {
            connection.rollback();
            connection.close();
        }
    }

    private static long dead(PostgresServer schema) throws SQLException {
        try (var connection = schema.connect();
                var statement = connection.createStatement()) {
            statement.execute("SELECT pg_stat_force_next_flush()");
            try (var rows = statement.executeQuery("SELECT coalesce(sum(n_dead_tup), 0) FROM pg_stat_user_tables"
                    + " WHERE schemaname = current_schema() AND relname LIKE 'task%'")) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    private void row(String what, String alone, String beside, double ratio) {
        table.row(
                what,
                alone,
                beside,
                number("%.2f", ratio),
                number("≤ %.1f %s", SLOWED_MAX, Table.met(ratio <= SLOWED_MAX)));
    }

    private static double seconds(long since) {
        return (System.nanoTime() - since) / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
