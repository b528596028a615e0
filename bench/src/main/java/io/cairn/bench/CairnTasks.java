package io.cairn.bench;

import io.cairn.adapter.sql.PostgresLogStorage;
import io.cairn.adapter.sql.SqliteLogStorage;
import io.cairn.event.LogStorage;
import io.cairn.task.Lane;
import io.cairn.task.NewTask;
import io.cairn.task.Outcome;
import io.cairn.task.TaskType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.node.JsonNodeFactory;

/// Cairn's tasks: sealed payloads, enqueued in units of work, removed when they are done.
final class CairnTasks implements TaskBench.Worker {
    private static final int UNIT = 500;
    private static final int READERS = 3;

    private final TaskNode node;
    private final Semaphore done = new Semaphore(0);
    private final ConcurrentLinkedQueue<Long> waits = new ConcurrentLinkedQueue<>();

    private CairnTasks(LogStorage storage, int bound) {
        this.node = TaskNode.open(
                storage, List.of(Lane.parallel("bench", bound)), TaskType.of("nothing", "bench", execution -> {
                    long enqueued = execution.payload().path("at").asLong(0);
                    if (enqueued != 0) {
                        waits.add(System.nanoTime() - enqueued);
                    }
                    done.release();
                    return Outcome.done();
                }));
    }

    static TaskBench.Worker open(PostgresServer server, int bound) {
        return new CairnTasks(PostgresLogStorage.open(server.settings()), bound);
    }

    static TaskBench.Worker open(Path folder, int bound) {
        return new CairnTasks(SqliteLogStorage.open(folder.resolve("log.db"), READERS), bound);
    }

    private NewTask task(long at) {
        return node.task("nothing", JsonNodeFactory.instance.objectNode().put("at", at));
    }

    @Override
    public void enqueue(int count) {
        for (int from = 0; from < count; from += UNIT) {
            var some = new ArrayList<NewTask>();
            for (int i = from; i < Math.min(count, from + UNIT); i++) {
                some.add(task(0));
            }
            node.enqueue(TaskNode.CONTEXT, some);
        }
    }

    @Override
    public void enqueueTimed() {
        node.enqueue(TaskNode.CONTEXT, List.of(task(System.nanoTime())));
    }

    @Override
    public void start() {
        node.start();
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
        node.close();
    }
}
