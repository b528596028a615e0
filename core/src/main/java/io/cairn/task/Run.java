package io.cairn.task;

import io.cairn.guard.Breaker;
import io.cairn.lease.SlotShare.Slot;
import io.cairn.tenant.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An attempt that this process has started.
public final class Run implements Execution, Runnable {
    private static final System.Logger LOG = System.getLogger(Run.class.getName());

    static final Duration WHILE_OPEN = Duration.ofSeconds(10);

    /// A process that ends has ended by then, and its threads with it.
    private static final Duration WHILE_LEFT = Duration.ofSeconds(5);

    private final TaskType type;
    private final boolean replayGuarded;
    private final TaskRow task;
    private final JsonNode payload;
    private final long start;
    private final Slot slot;
    private final long tenure;
    private final String claim;
    private final long beganAt;
    private final Duration waited;
    private final BiConsumer<Run, Outcome> ended;
    private volatile @Nullable Thread thread;
    private volatile boolean cancelled;
    private volatile @Nullable Stop stop;
    private volatile @Nullable Progress progress;
    private boolean saidToBeStuck;
    private volatile @Nullable Progress saved;

    /// How far it has come.
    record Progress(long done, long total) {}

    /// Why it is to stop.
    enum Stop {
        /// Somebody asked for it.
        CANCELLED,
        /// It takes too long.
        OVERDUE,
        /// Its result would not count, or the process ends.
        GIVEN_UP
    }

    /// @param replayGuarded whether the type's breaker is that of its replayed tasks
    /// @param beganAt as `System::nanoTime` tells it
    /// @param waited since it was ready
    /// @param ended is told once
    Run(
            TaskType type,
            boolean replayGuarded,
            TaskRow task,
            JsonNode payload,
            Slot slot,
            long tenure,
            String claim,
            long beganAt,
            Duration waited,
            BiConsumer<Run, Outcome> ended) {
        this.type = type;
        this.replayGuarded = replayGuarded;
        this.task = task;
        this.payload = payload;
        this.start = task.started() + 1;
        this.slot = slot;
        this.tenure = tenure;
        this.claim = claim;
        this.beganAt = beganAt;
        this.waited = waited;
        this.ended = ended;
    }

    TaskRow task() {
        return task;
    }

    Slot slot() {
        return slot;
    }

    long tenure() {
        return tenure;
    }

    String claim() {
        return claim;
    }

    boolean hasNewProgress() {
        return progress != saved;
    }

    boolean hasSavedProgress() {
        return saved != null;
    }

    /// What is to be saved of its progress, which counts as saved from now on: if it is not, the next one is.
    Optional<Progress> savedProgress() {
        saved = progress;
        return Optional.ofNullable(saved);
    }

    boolean isGuardedBy(Breaker breaker) {
        return type.breaker() == breaker;
    }

    boolean isOverdue(long nanos) {
        return nanos - beganAt > type.timeMax().toNanos();
    }

    Duration waited() {
        return waited;
    }

    long beganAt() {
        return beganAt;
    }

    boolean wasCancelled() {
        return stop == Stop.CANCELLED;
    }

    /// Asks it to come to its end.
    void stop(Stop why) {
        if (stop == null) {
            stop = why;
            cancelled = true;
            var running = thread;
            if (running != null) {
                running.interrupt();
            }
        }
    }

    /// Does the work, in a thread of its own.
    @Override
    public void run() {
        thread = Thread.currentThread();
        var outcome = outcome();
        thread = null;
        ended.accept(this, outcome);
    }

    /// Its thread ended by an error that no handler should throw.
    void broke(Error error) {
        LOG.log(System.Logger.Level.ERROR, "Attempt %s of %s broke".formatted(attemptId(), type()), error);
        thread = null;
        ended.accept(this, Outcome.retry(described(error)));
    }

    private Outcome outcome() {
        try {
            return stop == null ? guarded() : stopped("");
        } catch (Exception | LinkageError | StackOverflowError e) {
            LOG.log(System.Logger.Level.DEBUG, "Attempt {0} of {1} failed: {2}", attemptId(), type(), e);
            return stop == null ? Outcome.retry(described(e)) : stopped(": " + described(e));
        }
    }

    /// Asks the breaker first, and tells it how it went.
    private Outcome guarded() throws Exception {
        var breaker = type.breaker();
        if (breaker == null) {
            return handled();
        }
        Breaker.Pass pass;
        try {
            pass = breaker.enter();
        } catch (RuntimeException turnedAway) {
            return Outcome.snooze(WHILE_OPEN, described(turnedAway));
        }
        boolean failed = true;
        try {
            var outcome = handled();
            switch (outcome) {
                case Outcome.Done done -> pass.succeeded();
                case Outcome.Retry retry -> pass.failed();
                case Outcome.Snooze snooze -> pass.left();
                case Outcome.Dead dead -> died(pass);
            }
            failed = false;
            return outcome;
        } finally {
            if (failed) {
                pass.failed();
            }
        }
    }

    /// That one task can never be done says nothing of a service. That tasks which were replayed give
    /// up again says that nothing was mended, and that the rest need not be tried for now.
    private void died(Breaker.Pass pass) {
        if (replayGuarded) {
            pass.failed();
        } else {
            pass.left();
        }
    }

    private Outcome handled() throws Exception {
        return Objects.requireNonNull(type.handler().handle(this), "its handler said no outcome");
    }

    /// Says so once, for whoever has to mend the handler. The engine's thread calls it.
    void sayItIsStuck() {
        if (!saidToBeStuck) {
            saidToBeStuck = true;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Attempt {0} of {1} in lane {2} does not end, though it was interrupted after {3}",
                    attemptId(),
                    type(),
                    task.lane(),
                    type.timeMax());
        }
    }

    /// What counts as its outcome where it is told to stop and does not.
    Outcome leftBehind() {
        return stop == Stop.OVERDUE
                ? Outcome.retry("it took longer than %s and did not heed its interrupt".formatted(type.timeMax()))
                : Outcome.snooze(WHILE_LEFT, "it did not end when it was told to");
    }

    private Outcome stopped(String how) {
        return stop == Stop.OVERDUE
                ? Outcome.retry("it took longer than %s".formatted(type.timeMax()) + how)
                : Outcome.snooze(Duration.ZERO, "it was interrupted" + how);
    }

    private static String described(Throwable e) {
        return e.getMessage() == null
                ? e.getClass().getSimpleName()
                : "%s: %s".formatted(e.getClass().getSimpleName(), e.getMessage());
    }

    @Override
    public TaskId id() {
        return TaskId.of(task.id());
    }

    @Override
    public String type() {
        return type.name();
    }

    @Override
    public Optional<String> key() {
        return task.key();
    }

    @Override
    public JsonNode payload() {
        return payload;
    }

    @Override
    public Context context() {
        return new Context(task.tenant(), task.row().text("actor"), task.row().text("correlation"));
    }

    @Override
    public long start() {
        return start;
    }

    @Override
    public long failures() {
        return task.count("attempts");
    }

    @Override
    public Optional<Instant> deadline() {
        return task.time("deadline_at");
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }

    @Override
    public void progress(long done, long total) {
        progress = new Progress(done, total);
    }
}
