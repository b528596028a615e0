package io.cairn.bench;

import static io.cairn.bench.Table.number;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Tasks that do nothing, on one database: how many a second, and how long one waits that is enqueued while little
/// else is.
///
/// @param <P> where a side keeps its tasks
final class TaskBench<P> {
    private static final double GOAL = 2;
    private static final double GOAL_BARE = .5;
    private static final String BARE = "bare loop";
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

    interface Opening<P> {
        Worker open(P place, int bound) throws Exception;
    }

    /// Gives an empty place to each side in its turn.
    private interface Ground<P> {
        <T> T fresh(Use<P, T> use) throws Exception;

        /// What was written before weighs on nobody's flushes.
        void settle() throws Exception;
    }

    @FunctionalInterface
    private interface Use<P, T> {
        T in(P place) throws Exception;
    }

    private record OnPostgres(PostgresServer server) implements Ground<PostgresServer> {
        @Override
        public <T> T fresh(Use<PostgresServer, T> use) throws Exception {
            return server.withSchema("tasks", use::in);
        }

        @Override
        public void settle() throws SQLException {
            server.settle();
        }
    }

    private record OnSqlite() implements Ground<Path> {
        @Override
        public <T> T fresh(Use<Path, T> use) throws Exception {
            var folder = Files.createTempDirectory("cairn-tasks-");
            try {
                return use.in(folder);
            } finally {
                Folders.delete(folder);
            }
        }

        @Override
        public void settle() {
            // each side has a file of its own
        }
    }

    private final Ground<P> ground;
    private final Map<String, Opening<P>> sides;
    private final int tasks;
    private final int bound;

    private TaskBench(Ground<P> ground, Map<String, Opening<P>> sides, Options options, int bound) {
        this.ground = ground;
        this.sides = sides;
        this.tasks = options.number("tasks", 20_000);
        this.bound = options.number("bound", bound);
    }

    static void run(Options options) throws Exception {
        if (options.words().contains("sqlite")) {
            var sides = new LinkedHashMap<String, Opening<Path>>();
            sides.put("Cairn", CairnTasks::open);
            sides.put("db-scheduler 16.12, fetch", SchedulerTasks::open);
            new TaskBench<>(new OnSqlite(), sides, options, 20).run();
        } else {
            var server = PostgresServer.required();
            System.out.println(server.line());
            var sides = new LinkedHashMap<String, Opening<PostgresServer>>();
            sides.put("Cairn", CairnTasks::open);
            sides.put("db-scheduler 16.12, lock and fetch", SchedulerTasks::open);
            sides.put("JobRunr 8.4", JobRunrTasks::open);
            sides.put(BARE + " of SKIP LOCKED", BareTasks::open);
            new TaskBench<>(new OnPostgres(server), sides, options, 200).run();
        }
    }

    private void run() throws Exception {
        var rates = new LinkedHashMap<String, List<Double>>();
        var enqueued = new LinkedHashMap<String, List<Double>>();
        for (int round = 0; round <= ROUNDS; round++) {
            for (var side : sides.entrySet()) {
                var rate = rate(side.getValue());
                // The first round warms up.
                if (round > 0) {
                    enqueued.computeIfAbsent(side.getKey(), none -> new ArrayList<>())
                            .add(rate.enqueued());
                    rates.computeIfAbsent(side.getKey(), none -> new ArrayList<>())
                            .add(rate.done());
                }
            }
        }
        show(rates, enqueued, waits());
    }

    /// Tasks a second.
    private record Rate(double enqueued, double done) {}

    private Rate rate(Opening<P> opening) throws Exception {
        return ground.fresh(place -> {
            try (var worker = opening.open(place, bound)) {
                long begun = System.nanoTime();
                worker.enqueue(tasks);
                double enqueuing = tasks * 1e9 / (System.nanoTime() - begun);
                ground.settle();
                long started = System.nanoTime();
                worker.start();
                worker.await(tasks);
                return new Rate(enqueuing, tasks * 1e9 / (System.nanoTime() - started));
            }
        });
    }

    private Map<String, long[]> waits() throws Exception {
        var waits = new LinkedHashMap<String, long[]>();
        for (var side : sides.entrySet()) {
            waits.put(side.getKey(), ground.fresh(place -> {
                try (var worker = side.getValue().open(place, bound)) {
                    worker.start();
                    for (int i = 0; i < QUIET_TASKS; i++) {
                        worker.enqueueTimed();
                        Thread.sleep(QUIET_EVERY_MS);
                    }
                    worker.await(QUIET_TASKS);
                    return worker.waits().stream()
                            .mapToLong(Long::longValue)
                            .sorted()
                            .toArray();
                }
            }));
        }
        return waits;
    }

    private void show(Map<String, List<Double>> rates, Map<String, List<Double>> enqueued, Map<String, long[]> waits) {
        var table = Table.begin(
                "%d tasks that do nothing, %d at a time; median of %d rounds".formatted(tasks, bound, ROUNDS),
                "side",
                "enqueued/s",
                "done/s",
                "wait p50 ms",
                "wait p99 ms",
                "Cairn beside it",
                "goal");
        double cairn = median(rates.values().iterator().next());
        rates.forEach((side, all) -> {
            long[] wait = waits.getOrDefault(side, new long[] {0});
            double ratio = cairn / median(all);
            double goal = side.startsWith(BARE) ? GOAL_BARE : GOAL;
            boolean own = "Cairn".equals(side);
            table.row(
                    side,
                    number("%.0f", median(enqueued.getOrDefault(side, List.of(0.)))),
                    number("%.0f", median(all)),
                    number("%.1f", wait[wait.length / 2] / 1e6),
                    number("%.1f", wait[wait.length * 99 / 100] / 1e6),
                    own ? "" : number("%.2f", ratio),
                    own ? "" : number("≥ %.1f %s", goal, Table.met(ratio >= goal)));
        });
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
