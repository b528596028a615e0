package io.cairn.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;
import org.jobrunr.utils.mapper.jackson3.Jackson3JsonMapper;

/// JobRunr with the shortest interval of polling that it takes; what is done stays for its usual time. Public, since
/// JobRunr calls handlers by reflection.
public final class JobRunrTasks implements TaskBench.Worker {
    private static final int CONNECTIONS = 20;
    private static final int BATCH = 500;
    private static final Duration POLL = Duration.ofSeconds(5);

    /// @param at when it was enqueued, if that is of interest
    public record Nothing(long at) implements JobRequest {
        @Override
        public Class<Handler> getJobRequestHandler() {
            return Handler.class;
        }
    }

    public static final class Handler implements JobRequestHandler<Nothing> {
        private final JobRunrTasks tasks;

        Handler(JobRunrTasks tasks) {
            this.tasks = tasks;
        }

        @Override
        public void run(Nothing nothing) {
            if (nothing.at() != 0) {
                tasks.waits.add(System.nanoTime() - nothing.at());
            }
            tasks.done.release();
        }
    }

    private final HikariDataSource pool;
    private final JobRequestScheduler scheduler;
    private final Semaphore done = new Semaphore(0);
    private final ConcurrentLinkedQueue<Long> waits = new ConcurrentLinkedQueue<>();

    private JobRunrTasks(HikariDataSource pool, int bound) {
        this.pool = pool;
        this.scheduler = JobRunr.configure()
                .useJsonMapper(new Jackson3JsonMapper())
                .useJobActivator(activator())
                .useStorageProvider(SqlStorageProviderFactory.using(pool))
                .useBackgroundJobServer(
                        BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                                .andWorkerCount(bound)
                                .andPollInterval(POLL),
                        false)
                .initialize()
                .getJobRequestScheduler();
    }

    private JobActivator activator() {
        var handler = new Handler(this);
        return new JobActivator() {
            @Override
            public <T> T activateJob(Class<T> type) {
                return type.cast(handler);
            }
        };
    }

    static TaskBench.Worker open(PostgresServer server, int bound) {
        return new JobRunrTasks(server.pool(CONNECTIONS, true), bound);
    }

    @Override
    public void enqueue(int tasks) {
        for (int from = 0; from < tasks; from += BATCH) {
            scheduler.enqueue(
                    IntStream.range(from, Math.min(tasks, from + BATCH)).mapToObj(i -> new Nothing(0)));
        }
    }

    @Override
    public void enqueueTimed() {
        scheduler.enqueue(new Nothing(System.nanoTime()));
    }

    @Override
    public void start() {
        JobRunr.getBackgroundJobServer().start();
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
        JobRunr.destroy();
        pool.close();
    }
}
