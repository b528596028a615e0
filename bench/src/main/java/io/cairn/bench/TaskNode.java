package io.cairn.bench;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.Unit;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.Leases;
import io.cairn.seal.MasterKey;
import io.cairn.task.Lane;
import io.cairn.task.NewTask;
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
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A node with nothing but a log and tasks, which it removes when they are done.
final class TaskNode implements AutoCloseable {
    static final Context CONTEXT = context(Tenant.DEFAULT);

    private final EventLog log;
    private final Ids ids;
    private final Leases leases;
    private final Tasks tasks;
    private @Nullable TaskWorker worker;

    private TaskNode(EventLog log, Ids ids, TaskTypes types) {
        this.log = log;
        this.ids = ids;
        this.leases = new Leases(log, "bench-" + ids.next(), LeaseSettings.defaults(), System::nanoTime).start();
        this.tasks = new Tasks(log, types, TaskSettings.defaults().keeping(Duration.ZERO), ids);
    }

    static TaskNode open(LogStorage storage, List<Lane> lanes, TaskType... types) {
        var random = new SecureRandom();
        var ids = new Ids(Clock.systemUTC(), random);
        var log = EventLog.on(storage)
                .sealedWith(MasterKey.random(random))
                .ids(ids)
                .start();
        return new TaskNode(log, ids, new TaskTypes(lanes, List.of(types)));
    }

    static Context context(Tenant tenant) {
        return new Context(tenant, "bench", "bench");
    }

    EventLog log() {
        return log;
    }

    NewTask task(String type) {
        return task(type, JsonNodeFactory.instance.objectNode());
    }

    NewTask task(String type, JsonNode payload) {
        return NewTask.of(ids.next(), type, payload);
    }

    /// Enqueues them in one unit of work.
    void enqueue(Context context, List<NewTask> some) {
        var enqueued = tasks.enqueue(context, some);
        log.append(new Unit(context, List.of(), enqueued.expectations(), enqueued.rows()));
    }

    void start() {
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
    public void close() {
        if (worker != null) {
            worker.close();
        }
        leases.close();
        log.close();
    }
}
