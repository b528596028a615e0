package io.cairn.task;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.feature.Feature;
import io.cairn.lease.Leases;
import io.cairn.lease.SlotShare;
import io.cairn.lease.SlotShare.Slot;
import io.cairn.schema.DeclaredType;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// Starts the tasks of those slots of which this node holds the lease, and commits what becomes of them.
///
/// Tasks are found by rows and moved by rows, so the engine is the same on every store. The holder of a slot is the
/// only one who moves its tasks: everybody else adds tasks, or leaves it a message. So it may read, decide and commit,
/// with the lease's token as the only expectation: what a holder that was replaced without noticing still wants to
/// commit is refused as a whole, the results of its tasks included.
///
/// In each step everything that has come up in a partition is one unit of work: tasks that ended, messages, what time
/// has brought, and the claim of those that are started next. The effects of a task stand in that unit too, unless they
/// touch what those of another one touch; if the unit is refused because of effects, each of those tasks has a unit of
/// its own, so that none suffers for another. After a commit of unknown fate the lease is taken once more, after which
/// nothing can happen any more under the former token; then the rows tell what was done.
public final class TaskEngine implements AutoCloseable {
    static final String NAME = "tasks";

    private static final System.Logger LOG = System.getLogger(TaskEngine.class.getName());
    private static final int PUT_OFF_ATTEMPTS = 3;

    /// How long an attempt keeps its place that was interrupted and does not end.
    static final Duration PLACE_KEPT = Duration.ofSeconds(30);

    /// So many threads may be left behind whose places were given to others.
    public static final int STUCK_MAX = 16;

    /// What a step looks at besides the tasks that it ends counts as so many items.
    private static final int LOOKS = 2;

    private static final long GATHERED_NANOS_MAX = 3_000_000;

    private final EventLog log;
    private final TaskTypes types;
    private final Tasks tasks;
    private final Ids ids;
    private final RandomGenerator random;
    private final LongSupplier nanos;
    private final String node;
    private final SlotShare share;
    private final Leaving leaving;
    private final TaskMeter meter;
    private final Consumer<Run> starter;
    private final Map<RunKey, Run> running = new ConcurrentHashMap<>();
    private final List<Ended> unsettled = new ArrayList<>();
    private final ConcurrentLinkedQueue<Ended> arriving = new ConcurrentLinkedQueue<>();
    private final Claims claims = new Claims();
    private final Map<Slot, Long> reconciled = new HashMap<>();
    private final Fairness.Turns turns = new Fairness.Turns();
    private final ReplayBreakers replays;
    private final Looks looks;
    private final Commits commits;
    private final SaidOnce said = new SaidOnce();

    /// Whether tasks are ready that the lanes had no room for.
    private volatile boolean crowded;

    private final Object quiet = new Object();

    /// Runs whose place was given to others, and whose threads have not ended.
    private final Set<Run> stuck = ConcurrentHashMap.newKeySet();

    private final AtomicLong zombies = new AtomicLong();
    private final AtomicBoolean closing = new AtomicBoolean();

    record RunKey(Tenant tenant, String task) {}

    /// A run with what has become of it.
    record Ended(Run run, Outcome outcome) {}

    /// @param nanos tells time, as `System::nanoTime` does
    /// @param starter lets a run run, in another thread
    public TaskEngine(
            EventLog log,
            Leases leases,
            Tasks tasks,
            Ids ids,
            RandomGenerator random,
            LongSupplier nanos,
            TaskMeter meter,
            Consumer<Run> starter) {
        this.log = log;
        this.tasks = tasks;
        this.types = tasks.types();
        this.ids = ids;
        this.random = random;
        this.nanos = nanos;
        this.node = leases.node();
        this.share = leases.slotShare(NAME, Slots.COUNT, log.partitions());
        this.leaving = new Leaving(leases.settings().time());
        this.replays = new ReplayBreakers(nanos);
        this.meter = meter;
        this.starter = starter;
        this.looks = new Looks(nanos, tasks.settings().pollEvery(), random);
        this.commits = new Commits(log.feed(), share, looks, this::apply);
        log.feed().whenChanged(TaskTables.READY, looks::wakeReady);
        log.feed().whenChanged(TaskTables.INBOX, looks::wakeMessages);
    }

    /// What tasks bring to a Cairn.
    public static Feature feature() {
        return Feature.named("tasks").tables(TaskTables.all()).types(List.of(DeclaredType.first(Discarded.TYPE)));
    }

    /// Does what has come up, in every partition once.
    ///
    /// @return whether there was anything
    public boolean step() {
        share.step(this::isIdle);
        renewDoubtful();
        forgetLost();
        leaving.look(share.leaving(), running.values(), nanos.getAsLong());
        stopOverdue();
        takeEnded();
        leaveStuck();
        var slots = share.held();
        if (slots.isEmpty()) {
            return false;
        }
        var due = looks.next();
        boolean news = !unsettled.isEmpty()
                || due.any()
                || slots.stream().anyMatch(slot -> !isReconciled(slot))
                || running.values().stream().anyMatch(Run::hasNewProgress);
        return news && work(slots, due);
    }

    private boolean work(List<Slot> slots, Looks.Due due) {
        int before = unsettled.size();
        var partitions = slots.stream().map(Slot::partition).collect(Collectors.toSet());
        try {
            var together = together();
            var finished = log.<Planned, RuntimeException>operation(
                    () -> "a step of tasks",
                    LOOKS + together.size(),
                    () -> log.feed().read(snapshot -> {
                        var cycle = cycle(new Draft(snapshot));
                        cycle.reconcile(slots.stream()
                                .filter(slot -> !isReconciled(slot))
                                .toList());
                        cycle.settle(together);
                        cycle.look(closing.get() ? List.of() : slots, due.in(snapshot, log, partitions));
                        return new Planned(cycle.finished(), cycle.isHungry(), cycle.isCrowded());
                    }));
            crowded = finished.isCrowded();
            boolean worked = unsettled.size() < before || !finished.parts().isEmpty();
            commits.all(finished.parts());
            if (finished.isHungry()) {
                looks.wake();
            }
            return worked;
        } catch (RuntimeException e) {
            looks.wake();
            throw e;
        }
    }

    private record Planned(Map<Integer, Cycle.Finished> parts, boolean isHungry, boolean isCrowded) {}

    /// Ends those with effects that cannot share a unit, each in its own.
    ///
    /// @return what is to be settled in this step's unit
    private List<Ended> together() {
        var effects = new SharedEffects();
        commits.keepApart(unsettled.stream().map(Ended::run).toList());
        var together = new ArrayList<Ended>();
        for (var one : List.copyOf(unsettled)) {
            var own = SharedEffects.of(one);
            boolean shares =
                    !commits.isApart(one.run()) && effects.take(one.run().task().tenant(), own);
            if (own.none() || shares) {
                together.add(one);
            } else {
                commits.alone(one, this::decidedAlone).ifPresent(together::add);
            }
        }
        return together;
    }

    private Cycle.Finished decidedAlone(Ended one) {
        return log.feed().read(snapshot -> {
            var alone = cycle(new Draft(snapshot));
            alone.settle(List.of(one));
            return Objects.requireNonNull(alone.finished().get(one.run().slot().partition()));
        });
    }

    private Cycle cycle(Draft draft) {
        return new Cycle(
                draft,
                new Moves(draft, tasks, said, ids.micros(), random),
                new Cycle.Node(
                        log,
                        types,
                        ids,
                        node,
                        nanos,
                        share,
                        leaving,
                        running,
                        claims,
                        reconciled.keySet(),
                        turns,
                        replays,
                        this::ended));
    }

    /// Takes note of what was committed, and starts what was claimed.
    private void apply(Cycle.Finished cycle) {
        var ended = cycle.ended().stream().map(Ended::run).collect(Collectors.toSet());
        unsettled.removeIf(one -> ended.contains(one.run()));
        claims.ended(ended);
        ended.forEach(run -> running.remove(key(run), run));
        cycle.ended().forEach(this::measure);
        cycle.opened().forEach(claims::open);
        cycle.cancelled().forEach(run -> run.stop(Run.Stop.CANCELLED));
        cycle.started().forEach(run -> running.put(key(run), run));
        cycle.started().forEach(run -> {
            meter.started(run.type(), run.task().lane(), run.waited());
            starter.accept(run);
        });
        if (running.isEmpty()) {
            synchronized (quiet) {
                quiet.notifyAll();
            }
        }
        cycle.reconciled().forEach(slot -> reconciled.put(slot, share.tenure(slot)));
    }

    private void measure(Ended one) {
        var run = one.run();
        var outcome = switch (one.outcome()) {
            case Outcome.Done done -> "done";
            case Outcome.Retry retry -> "retry";
            case Outcome.Snooze snooze -> "snooze";
            case Outcome.Dead dead -> "dead";
        };
        meter.ended(run.type(), run.task().lane(), outcome, Duration.ofNanos(nanos.getAsLong() - run.beganAt()));
    }

    private void ended(Run run, Outcome outcome) {
        arriving.add(new Ended(run, outcome));
        if (crowded) {
            looks.wakeReady();
        } else {
            looks.nudge();
        }
    }

    /// What ended under a lease that has gone since does not count, nor what had been given up.
    private void takeEnded() {
        for (var one = arriving.poll(); one != null; one = arriving.poll()) {
            if (!stuck.remove(one.run()) && running.get(key(one.run())) == one.run()) {
                unsettled.add(one);
            } else {
                zombies.incrementAndGet();
            }
        }
    }

    private void forgetLost() {
        running.values().removeIf(run -> {
            boolean lost = share.lease(run.slot()).isEmpty() || share.tenure(run.slot()) != run.tenure();
            if (lost) {
                run.stop(Run.Stop.GIVEN_UP);
                claims.ended(List.of(run));
            }
            return lost;
        });
        unsettled.removeIf(one -> {
            boolean lost = running.get(key(one.run())) != one.run();
            zombies.addAndGet(lost ? 1 : 0);
            return lost;
        });
        reconciled.keySet().removeIf(slot -> share.lease(slot).isEmpty());
    }

    private void renewDoubtful() {
        var doubtful = commits.doubtful();
        if (!doubtful.isEmpty()) {
            share.renew(doubtful);
            doubtful.forEach(reconciled::remove);
            commits.doubtIsOver();
        }
    }

    private void stopOverdue() {
        long now = nanos.getAsLong();
        running.values().stream().filter(run -> run.isOverdue(now)).forEach(run -> run.stop(Run.Stop.OVERDUE));
    }

    /// A handler that does not heed its interrupt would keep its place for ever, and so its lane, key and slot. After a
    /// while the attempt counts as failed, and what its thread still brings about does not.
    private void leaveStuck() {
        long interrupted = nanos.getAsLong() - PLACE_KEPT.toNanos();
        running.values().stream()
                .filter(run -> run.isOverdue(interrupted) && !isSettling(run))
                .forEach(run -> {
                    run.sayItIsStuck();
                    if (stuck.size() < STUCK_MAX) {
                        stuck.add(run);
                        unsettled.add(new Ended(run, run.leftBehind()));
                    }
                });
    }

    private boolean isSettling(Run run) {
        return unsettled.stream().anyMatch(one -> one.run() == run);
    }

    private boolean isReconciled(Slot slot) {
        return reconciled.getOrDefault(slot, 0L) == share.tenure(slot);
    }

    private boolean isIdle(Slot slot) {
        return running.values().stream().noneMatch(run -> run.slot().equals(slot));
    }

    static RunKey key(Run run) {
        return new RunKey(run.task().tenant(), run.task().id());
    }

    /// Waits until there may be something to do, or for a poll's time.
    void await() throws InterruptedException {
        looks.await();
    }

    /// Where more is ready than there is room for, waits a moment for some of what runs, so that many ends and many
    /// beginnings share a commit.
    void gather() throws InterruptedException {
        long from = nanos.getAsLong();
        long left = GATHERED_NANOS_MAX;
        while (crowded && left > 0 && arriving.size() < running.size() / 2) {
            looks.await(left);
            left = GATHERED_NANOS_MAX - (nanos.getAsLong() - from);
        }
    }

    /// Starts nothing any more, and waits until nothing runs, at last by telling it to stop.
    void drain(Duration grace) {
        closing.set(true);
        if (!isQuiet(grace)) {
            running.values().forEach(run -> run.stop(Run.Stop.GIVEN_UP));
            isQuiet(grace);
        }
    }

    private boolean isQuiet(Duration grace) {
        long from = nanos.getAsLong();
        synchronized (quiet) {
            long left = grace.toMillis();
            while (!running.isEmpty() && left > 0) {
                try {
                    quiet.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
                left = grace.toMillis() - (nanos.getAsLong() - from) / 1_000_000;
            }
        }
        return running.isEmpty();
    }

    void wake() {
        looks.wake();
    }

    /// What runs now.
    public Collection<Run> running() {
        return running.values();
    }

    /// How many of a tenant's tasks run in a lane on this node.
    public long running(Tenant tenant, String lane) {
        return running.values().stream()
                .filter(run ->
                        run.task().tenant().equals(tenant) && run.task().lane().equals(lane))
                .count();
    }

    /// How many attempts were given up whose threads have not ended, though they were interrupted. Once they are
    /// [as many as may be][#STUCK_MAX], those that follow keep their places.
    public int stuck() {
        return stuck.size();
    }

    /// Results that were not counted, since another node had taken over, or the attempt had been given up.
    public long zombies() {
        return zombies.get();
    }

    /// Gives its slots back. What still runs is put off before, so that whoever takes them finds no trace of a crash:
    /// a claim that is found was left by a process that died.
    @Override
    public void close() {
        closing.set(true);
        try {
            putOff();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "What still runs could not be put off and will count as crashed", e);
        }
        share.close();
    }

    private void putOff() {
        renewDoubtful();
        forgetLost();
        takeEnded();
        running.values().stream().filter(run -> !isSettling(run)).forEach(run -> {
            run.stop(Run.Stop.GIVEN_UP);
            unsettled.add(new Ended(run, run.leftBehind()));
        });
        // Effects that cannot be committed with those of others are tried again apart from them.
        for (int attempt = 0; attempt < PUT_OFF_ATTEMPTS && !unsettled.isEmpty(); attempt++) {
            work(share.held(), looks.next());
        }
    }
}
