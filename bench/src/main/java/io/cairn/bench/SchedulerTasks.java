package io.cairn.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.UnaryOperator;
import org.sqlite.SQLiteDataSource;

/// db-scheduler as its documentation advises for throughput: as many threads as tasks at a time, and lock and fetch
/// where the database can.
final class SchedulerTasks implements TaskBench.Worker {
    private static final int CONNECTIONS = 20;
    private static final int SQLITE_CONNECTIONS = 4;
    private static final int BATCH = 500;
    private static final String TABLE = """
        CREATE TABLE scheduled_tasks (
            task_name TEXT NOT NULL, task_instance TEXT NOT NULL, task_data BYTEA,
            execution_time TIMESTAMP WITH TIME ZONE NOT NULL, picked BOOLEAN NOT NULL, picked_by TEXT,
            last_success TIMESTAMP WITH TIME ZONE, last_failure TIMESTAMP WITH TIME ZONE,
            consecutive_failures INT, last_heartbeat TIMESTAMP WITH TIME ZONE,
            version BIGINT NOT NULL, priority SMALLINT,
            state TEXT, PRIMARY KEY (task_name, task_instance));
        CREATE INDEX execution_time_idx ON scheduled_tasks (execution_time);
        CREATE INDEX last_heartbeat_idx ON scheduled_tasks (last_heartbeat)\
        """;

    private final HikariDataSource pool;
    private final Scheduler scheduler;
    private final OneTimeTask<Long> task;
    private final Semaphore done = new Semaphore(0);
    private final ConcurrentLinkedQueue<Long> waits = new ConcurrentLinkedQueue<>();

    private SchedulerTasks(HikariDataSource pool, UnaryOperator<SchedulerBuilder> polling, int bound) {
        this.pool = pool;
        this.task = Tasks.oneTime("nothing", Long.class).execute((instance, context) -> {
            if (instance.getData() != 0) {
                waits.add(System.nanoTime() - instance.getData());
            }
            done.release();
        });
        this.scheduler = polling.apply(Scheduler.create(pool, task).threads(bound))
                .pollingInterval(Duration.ofMillis(100))
                .enableImmediateExecution()
                .build();
    }

    static TaskBench.Worker open(PostgresServer server, int bound) throws SQLException {
        return open(server.pool(CONNECTIONS, true), builder -> builder.pollUsingLockAndFetch(1.0, 4.0), bound);
    }

    /// As durable as Cairn's file, with as many connections.
    static TaskBench.Worker open(Path folder, int bound) throws SQLException {
        var source = new SQLiteDataSource();
        source.setUrl("jdbc:sqlite:" + folder.resolve("tasks.db"));
        source.setJournalMode("WAL");
        source.setSynchronous("FULL");
        source.setBusyTimeout(10_000);
        var config = new HikariConfig();
        config.setDataSource(source);
        config.setMaximumPoolSize(SQLITE_CONNECTIONS);
        return open(new HikariDataSource(config), builder -> builder.pollUsingFetchAndLockOnExecute(1.0, 4.0), bound);
    }

    private static TaskBench.Worker open(HikariDataSource pool, UnaryOperator<SchedulerBuilder> polling, int bound)
            throws SQLException {
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            for (var sql : TABLE.split(";")) {
                statement.execute(sql);
            }
        }
        return new SchedulerTasks(pool, polling, bound);
    }

    @Override
    public void enqueue(int tasks) {
        for (int from = 0; from < tasks; from += BATCH) {
            var some = new ArrayList<TaskInstance<?>>();
            for (int i = from; i < Math.min(tasks, from + BATCH); i++) {
                some.add(task.instance(UUID.randomUUID().toString(), 0L));
            }
            scheduler.scheduleBatch(some, Instant.now());
        }
    }

    @Override
    public void enqueueTimed() {
        scheduler.schedule(task.instance(UUID.randomUUID().toString(), System.nanoTime()), Instant.now());
    }

    @Override
    public void start() {
        scheduler.start();
    }

    @Override
    public void await(int tasks) throws InterruptedException {
        done.acquire(tasks);
    }

    @Override
    public List<Long> waits() {
        return List.copyOf(waits);
    }

    @Override
    public void close() {
        scheduler.stop();
        pool.close();
    }
}
