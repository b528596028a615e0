package io.cairn.task;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The thin shell around the engine of tasks: steps again and again, and backs off while the store cannot be asked.
public final class TaskWorker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TaskWorker.class.getName());
    private static final Duration BACKOFF_FIRST = Duration.ofMillis(100);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(5);

    private final TaskEngine engine;
    private final Duration grace;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    private TaskWorker(TaskEngine engine, Duration grace) {
        this.engine = engine;
        this.grace = grace;
        this.thread = Thread.ofPlatform().name("cairn-tasks").daemon(true).unstarted(this::run);
    }

    /// @param grace how long running tasks are waited for at the end
    public static TaskWorker start(TaskEngine engine, Duration grace) {
        var worker = new TaskWorker(engine, grace);
        worker.thread.start();
        return worker;
    }

    /// Lets a run run in a thread of its own.
    public static void begin(Run run) {
        Thread.ofVirtual().name("cairn-task-" + run.type()).start(run);
    }

    private void run() {
        var backoff = BACKOFF_FIRST;
        while (stopping.getCount() > 0) {
            try {
                if (!engine.step()) {
                    engine.await();
                }
                backoff = BACKOFF_FIRST;
            } catch (InterruptedException e) {
                stopping.countDown();
            } catch (RuntimeException e) {
                LOG.log(System.Logger.Level.WARNING, "Tasks cannot go on; next attempt in " + backoff, e);
                backoff = pause(backoff);
            }
        }
    }

    private Duration pause(Duration backoff) {
        try {
            stopping.await(backoff.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            stopping.countDown();
        }
        var doubled = backoff.multipliedBy(2);
        return doubled.compareTo(BACKOFF_MAX) < 0 ? doubled : BACKOFF_MAX;
    }

    /// Lets what runs come to its end for a while, puts the rest off, and gives everything back.
    @Override
    public void close() {
        engine.drain(grace);
        stopping.countDown();
        engine.wake();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        engine.close();
    }
}
