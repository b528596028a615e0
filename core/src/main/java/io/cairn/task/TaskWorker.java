package io.cairn.task;

import io.cairn.guard.Loop;
import java.time.Duration;

/// The thin shell around the engine of tasks: steps again and again, and backs off while the store cannot be asked.
public final class TaskWorker implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TaskWorker.class.getName());
    private static final Duration BACKOFF_FIRST = Duration.ofMillis(100);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(5);

    private final TaskEngine engine;
    private final Duration grace;
    private final Loop loop;

    private TaskWorker(TaskEngine engine, Duration grace) {
        this.engine = engine;
        this.grace = grace;
        this.loop = Loop.start("cairn-tasks", new Steps(engine));
    }

    /// @param grace how long running tasks are waited for at the end
    public static TaskWorker start(TaskEngine engine, Duration grace) {
        return new TaskWorker(engine, grace);
    }

    /// Lets a run run in a thread of its own.
    public static void begin(Run run) {
        Thread.ofVirtual().name("cairn-task-" + run.type()).start(() -> attempt(run));
    }

    /// Lets a run run. The engine hears of it whatever it throws: a run of which nobody hears keeps its place and key.
    static void attempt(Run run) {
        try {
            run.run();
        } catch (Error e) {
            run.broke(e);
        }
    }

    private record Steps(TaskEngine engine) implements Loop.Turn {
        @Override
        public Duration take() throws InterruptedException {
            if (!engine.step()) {
                engine.await();
            }
            engine.gather();
            return Duration.ZERO;
        }

        @Override
        public Duration failed(RuntimeException failure, int inARow) {
            var pause = Loop.backoff(BACKOFF_FIRST, BACKOFF_MAX, inARow);
            LOG.log(System.Logger.Level.WARNING, "Tasks cannot go on; next attempt in " + pause, failure);
            return pause;
        }

        @Override
        public void wake() {
            engine.wake();
        }
    }

    /// Lets what runs come to its end for a while, puts the rest off, and gives everything back.
    @Override
    public void close() {
        engine.drain(grace);
        loop.close();
        engine.close();
    }
}
