package io.cairn.task;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.LeaseSteps;
import io.cairn.lease.Leases;
import io.cairn.seal.MasterKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// A node that does everything in the caller's thread, when it is told to.
public final class TaskNode implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final MasterKey MASTER = MasterKey.random(RANDOM);
    private static final int STEPS_MAX = 1000;

    private final SettableClock clock;
    private final EventLog log;
    private final Leases leases;
    private final TaskEngine engine;
    private final Tasks tasks;
    private final Schedules schedules;
    private final DeadLetters deadLetters;
    private final List<Run> begun = new ArrayList<>();

    public TaskNode(String name, LogStorage storage, TaskTypes types, TaskSettings settings, SettableClock clock) {
        this(name, storage, types, settings, clock, RANDOM);
    }

    public TaskNode(
            String name,
            LogStorage storage,
            TaskTypes types,
            TaskSettings settings,
            SettableClock clock,
            RandomGenerator random) {
        this.clock = clock;
        var ids = new Ids(clock, random);
        this.log = EventLog.on(storage).sealedWith(MASTER).ids(ids).open();
        this.leases = new Leases(log, name, LeaseSettings.defaults(), clock::nanos);
        beat();
        this.tasks = new Tasks(log, types, settings, ids);
        this.engine = new TaskEngine(log, leases, tasks, ids, random, clock::nanos, TaskMeter.none(), begun::add);
        this.schedules = new Schedules(log, tasks, ids);
        this.deadLetters = new DeadLetters(log, tasks);
    }

    public EventLog log() {
        return log;
    }

    public Tasks tasks() {
        return tasks;
    }

    Schedules schedules() {
        return schedules;
    }

    public DeadLetters deadLetters() {
        return deadLetters;
    }

    public TaskEngine engine() {
        return engine;
    }

    public Leases leases() {
        return leases;
    }

    public void beat() {
        LeaseSteps.step(leases);
    }

    /// Steps until nothing comes up any more, without running what it starts.
    public void claim() {
        beat();
        pass(TaskSettings.defaults().pollEvery());
        for (int step = 0; engine.step(); step++) {
            if (step > STEPS_MAX) {
                throw new AssertionError("There is no end to the steps");
            }
        }
    }

    /// What it has started and not yet run.
    public List<Run> begun() {
        return begun;
    }

    /// Runs what it has started.
    public void run() {
        var runs = List.copyOf(begun);
        begun.clear();
        runs.forEach(TaskWorker::attempt);
    }

    /// Goes on until nothing is left to do at this time.
    public void runUntilIdle() {
        claim();
        while (!begun.isEmpty()) {
            run();
            claim();
        }
    }

    public void pass(Duration time) {
        clock.pass(time);
    }

    @Override
    public void close() {
        log.close();
    }
}
