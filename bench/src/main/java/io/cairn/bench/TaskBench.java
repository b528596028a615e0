package io.cairn.bench;

import static io.cairn.bench.Table.number;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tasks that do nothing, on one PostgreSQL: how many a second, and how long one waits that is enqueued while little
/// else is.
final class TaskBench {
    private static final double GOAL_SCHEDULER = 2;
    private static final double GOAL_BARE = .5;
    private static final int ROUNDS = 3;
    private static final int QUIET_TASKS = 300;
    private static final long QUIET_EVERY_MS = 10;

    /// One who does tasks. All are given the same number of connections.
    interface Worker extends AutoCloseable {
        /// Enqueues so many at once.
        void enqueue(int tasks) throws Exception;

        /// Begins to do them.
        void start() throws Exception;

        /// Waits until so many were done since the start.
        void await(int tasks) throws Exception;

        /// Nanoseconds from the enqueueing of single tasks to their beginning.
        List<Long> waits();

        void enqueueTimed() throws Exception;

        @Override
        void close() throws Exception;
    }

    interface Opening {
        Worker open(PostgresServer server, int bound) throws Exception;
    }

    private TaskBench() {}

    static void run(Options options) throws Exception {
        int tasks = options.number("tasks", 20_000);
        int bound = options.number("bound", 200);
        var server = PostgresServer.required();
        System.out.println(Machine.line());
        System.out.println(server.line());
        var sides = new LinkedHashMap<String, Opening>();
        sides.put("Cairn", CairnTasks::open);
        sides.put("db-scheduler 16.12, lock and fetch", SchedulerTasks::open);
        sides.put("bare loop of SKIP LOCKED, batches of " + bound, BareTasks::open);
        var rates = new LinkedHashMap<String, List<Double>>();
        var enqueued = new LinkedHashMap<String, List<Double>>();
        for (int round = 0; round <= ROUNDS; round++) {
            for (var side : sides.entrySet()) {
                var rate = rate(server, side.getValue(), tasks, bound);
                // The first round warms up.
                if (round > 0) {
                    rates.computeIfAbsent(side.getKey(), none -> new ArrayList<>())
                            .add(rate[1]);
                    enqueued.computeIfAbsent(side.getKey(), none -> new ArrayList<>())
                            .add(rate[0]);
                }
            }
        }
        show(tasks, bound, rates, enqueued, waits(server, sides, bound));
    }

    private static double[] rate(PostgresServer server, Opening opening, int tasks, int bound) throws Exception {
        return server.withSchema("tasks", schema -> {
            try (var worker = opening.open(schema, bound)) {
                long begun = System.nanoTime();
                worker.enqueue(tasks);
                double enqueuing = tasks * 1e9 / (System.nanoTime() - begun);
                server.settle();
                long started = System.nanoTime();
                worker.start();
                worker.await(tasks);
                return new double[] {enqueuing, tasks * 1e9 / (System.nanoTime() - started)};
            }
        });
    }

    private static Map<String, long[]> waits(PostgresServer server, Map<String, Opening> sides, int bound)
            throws Exception {
        var waits = new LinkedHashMap<String, long[]>();
        for (var side : sides.entrySet()) {
            waits.put(side.getKey(), server.withSchema("tasks", schema -> {
                try (var worker = side.getValue().open(schema, bound)) {
                    worker.start();
                    for (int i = 0; i < QUIET_TASKS; i++) {
                        worker.enqueueTimed();
                        Thread.sleep(QUIET_EVERY_MS);
                    }
                    worker.await(QUIET_TASKS);
                    var sorted = worker.waits().stream()
                            .mapToLong(Long::longValue)
                            .sorted()
                            .toArray();
                    return Arrays.copyOfRange(sorted, 0, sorted.length);
                }
            }));
        }
        return waits;
    }

    private static void show(
            int tasks,
            int bound,
            Map<String, List<Double>> rates,
            Map<String, List<Double>> enqueued,
            Map<String, long[]> waits) {
        var table = Table.begin(
                "%d tasks that do nothing, %d at a time; median of %d rounds".formatted(tasks, bound, ROUNDS),
                "side",
                "enqueued/s",
                "done/s",
                "wait p50 ms",
                "wait p99 ms");
        rates.forEach((side, all) -> {
            long[] wait = waits.getOrDefault(side, new long[] {0});
            table.row(
                    side,
                    number("%.0f", median(enqueued.getOrDefault(side, List.of(0.)))),
                    number("%.0f", median(all)),
                    number("%.1f", wait[wait.length / 2] / 1e6),
                    number("%.1f", wait[wait.length * 99 / 100] / 1e6));
        });
        var medians = rates.values().stream().map(TaskBench::median).toList();
        double beside = medians.get(0) / medians.get(1);
        double bare = medians.get(0) / medians.get(2);
        System.out.printf(
                "beside db-scheduler %.2f (%s), beside the bare loop %.2f (%s)%n",
                beside, Table.met(beside >= GOAL_SCHEDULER), bare, Table.met(bare >= GOAL_BARE));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
