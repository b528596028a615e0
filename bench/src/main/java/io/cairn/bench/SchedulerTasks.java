package io.cairn.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/// db-scheduler as its documentation advises for throughput: lock and fetch, and as many threads as tasks at a time.
final class SchedulerTasks implements TaskBench.Worker {
    private static final int CONNECTIONS = 20;
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

    private SchedulerTasks(HikariDataSource pool, int bound) {
        this.pool = pool;
        this.task = Tasks.oneTime("nothing", Long.class).execute((instance, context) -> {
            if (instance.getData() != 0) {
                waits.add(System.nanoTime() - instance.getData());
            }
            done.release();
        });
        this.scheduler = Scheduler.create(pool, task)
                .threads(bound)
                .pollUsingLockAndFetch(1.0, 4.0)
                .pollingInterval(Duration.ofMillis(100))
                .enableImmediateExecution()
                .build();
    }

    static TaskBench.Worker open(PostgresServer server, int bound) throws SQLException {
        var pool = server.pool(CONNECTIONS, true);
        try (var connection = pool.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(TABLE);
        }
        return new SchedulerTasks(pool, bound);
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
