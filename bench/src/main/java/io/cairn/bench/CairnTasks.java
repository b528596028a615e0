package io.cairn.bench;

import io.cairn.adapter.sql.PostgresLogStorage;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.Unit;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.Leases;
import io.cairn.seal.MasterKey;
import io.cairn.task.Lane;
import io.cairn.task.NewTask;
import io.cairn.task.Outcome;
import io.cairn.task.TaskEngine;
import io.cairn.task.TaskMeter;
import io.cairn.task.TaskSettings;
import io.cairn.task.TaskType;
import io.cairn.task.TaskTypes;
import io.cairn.task.TaskWorker;
import io.cairn.task.Tasks;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// Cairn's tasks: sealed payloads, enqueued in units of work, removed when they are done.
final class CairnTasks implements TaskBench.Worker {
    private static final int UNIT = 500;
    private static final Context CONTEXT = new Context(Tenant.DEFAULT, "bench", "bench");

    private final EventLog log;
    private final Ids ids;
    private final Leases leases;
    private final Tasks tasks;
    private final Semaphore done = new Semaphore(0);
    private final ConcurrentLinkedQueue<Long> waits = new ConcurrentLinkedQueue<>();
    private @Nullable TaskWorker worker;

    private CairnTasks(EventLog log, Ids ids, int bound) {
        this.log = log;
        this.ids = ids;
        this.leases = new Leases(log, "bench-" + ids.next(), LeaseSettings.defaults(), System::nanoTime).start();
        var types = new TaskTypes(
                List.of(Lane.parallel("bench", bound)), List.of(TaskType.of("nothing", "bench", execution -> {
                    long enqueued = execution.payload().path("at").asLong(0);
                    if (enqueued != 0) {
                        waits.add(System.nanoTime() - enqueued);
                    }
                    done.release();
                    return Outcome.done();
                })));
        this.tasks = new Tasks(log, types, TaskSettings.defaults().keeping(Duration.ZERO), ids);
    }

    static TaskBench.Worker open(PostgresServer server, int bound) {
        var random = new SecureRandom();
        var ids = new Ids(Clock.systemUTC(), random);
        var log = EventLog.on(PostgresLogStorage.open(server.settings()))
                .sealedWith(MasterKey.random(random))
                .ids(ids)
                .start();
        return new CairnTasks(log, ids, bound);
    }

    private NewTask task(long at) {
        return NewTask.of(
                ids.next(), "nothing", JsonNodeFactory.instance.objectNode().put("at", at));
    }

    @Override
    public void enqueue(int count) {
        for (int from = 0; from < count; from += UNIT) {
            var some = new ArrayList<NewTask>();
            for (int i = from; i < Math.min(count, from + UNIT); i++) {
                some.add(task(0));
            }
            append(some);
        }
    }

    private void append(List<NewTask> some) {
        var enqueued = tasks.enqueue(CONTEXT, some);
        log.append(new Unit(CONTEXT, List.of(), enqueued.expectations(), enqueued.rows()));
    }

    @Override
    public void enqueueTimed() {
        append(List.of(task(System.nanoTime())));
    }

    @Override
    public void start() {
        worker = TaskWorker.start(
                new TaskEngine(
                        log,
                        leases,
                        tasks,
                        ids,
                        RandomGenerator.getDefault(),
                        System::nanoTime,
                        TaskMeter.none(),
                        TaskWorker::begin),
                Duration.ofSeconds(1));
    }

    @Override
    public void await(int count) throws InterruptedException {
        done.acquire(count);
    }

    @Override
    public List<Long> waits() {
        return List.copyOf(waits);
    }

    @Override
    public void close() {
        if (worker != null) {
            worker.close();
        }
        leases.close();
        log.close();
    }
}
