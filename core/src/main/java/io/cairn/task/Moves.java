package io.cairn.task;

import io.cairn.event.Ids;
import io.cairn.event.Times;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The rules by which tasks move from state to state, as changes of a draft.
///
/// Whatever ends the head of a key makes the next task of the key ready in the same draft, and so in the same unit of
/// work. Only the holder of the slot's lease commits drafts, so that nothing moves a task at the same time.
final class Moves {
    private final Draft draft;
    private final TaskTypes types;
    private final TaskSettings settings;
    private final Ids ids;
    private final long now;
    private final RandomGenerator random;
    private final Firing firing;
    private final Map<Swept, List<String>> swept = new HashMap<>();

    private record Swept(Tenant tenant, int slot) {}

    /// @param now microseconds since 1970
    Moves(Draft draft, Tasks tasks, SaidOnce said, long now, RandomGenerator random) {
        this.draft = draft;
        this.types = tasks.types();
        this.settings = tasks.settings();
        this.ids = tasks.ids();
        this.firing = new Firing(draft, tasks, said, now);
        this.now = now;
        this.random = random;
    }

    long now() {
        return now;
    }

    /// The schedules, as they fire.
    Firing firing() {
        return firing;
    }

    // What is asked of the holder of a slot

    /// A task with a key has come.
    void arrive(TaskRow task) {
        if (task.state() == TaskState.WAITING && !isQueued(task)) {
            join(task);
        }
    }

    private boolean isQueued(TaskRow task) {
        return draft.row(task.tenant(), TaskTables.QUEUE, queued(task)).isPresent();
    }

    /// Takes its place among those of its key.
    private void join(TaskRow task) {
        if (head(task).isEmpty()) {
            lead(task);
        } else {
            draft.put(
                    task.tenant(),
                    TaskTables.QUEUE.row(
                            Map.of("lane", task.lane(), "task_key", key(task), "seq", task.seq(), "id", task.id())));
            draft.put(task.in(TaskState.WAITING, null));
        }
    }

    private Optional<String> head(TaskRow task) {
        return draft.row(task.tenant(), TaskTables.KEY, keyed(task)).map(row -> row.text("head"));
    }

    private void lead(TaskRow task) {
        draft.put(
                task.tenant(),
                TaskTables.KEY.row(Map.of("lane", task.lane(), "task_key", key(task), "head", task.id())));
        readyWhenDue(task);
    }

    private void readyWhenDue(TaskRow task) {
        task.micros("due_at").filter(due -> due > now).ifPresentOrElse(due -> later(task, due), () -> ready(task));
    }

    private void ready(TaskRow task) {
        var moved = task.in(TaskState.READY, task.rank(now));
        draft.put(moved);
        draft.put(
                task.tenant(),
                TaskTables.READY.row(Map.of(
                        "lane", task.lane(),
                        "slot", (long) task.slot(),
                        "place", moved.place(),
                        "id", task.id())));
    }

    private void later(TaskRow task, long at) {
        draft.put(task.in(TaskState.LATER, at));
        draft.put(
                task.tenant(),
                TaskTables.TIMER.row(Map.of(
                        "slot", (long) task.slot(),
                        "at", at,
                        "id", task.id(),
                        "what", Timer.READY.text(),
                        "tasks", task.id())));
    }

    /// Is not to be done any more; nothing if it has ended.
    void cancel(TaskRow task, String by) {
        switch (task.state()) {
            case WAITING, READY, RUNNING, LATER -> end(task.noting(now, "cancelled by " + by), TaskState.CANCELLED);
            case DONE, CANCELLED, DEAD, DISCARDED -> {}
        }
    }

    /// Begins anew, with its id, its key, its history and its place in the order of its key.
    void replay(TaskRow task, String by) {
        if (task.state() != TaskState.DEAD) {
            return;
        }
        undead(task);
        var anew = task.noting(now, "replayed by " + by)
                .with(Map.of("attempts", 0L, "crashes", 0L, "replays", task.count("replays") + 1))
                .with(nothing("failed_since", "ended_at"));
        if (!isSequential(task) || head(task).filter(task.id()::equals).isPresent()) {
            ready(anew);
        } else {
            join(anew);
        }
    }

    /// A dead letter that is not to be done, of which the log keeps who decided so.
    void discard(TaskRow task, Context context, String by) {
        if (task.state() == TaskState.DEAD) {
            draft.append(context, Discarded.of(task, ids.next(), Times.instant(now)));
            undead(task);
            end(task.noting(now, "discarded by " + by), TaskState.DISCARDED);
        }
    }

    private void undead(TaskRow task) {
        draft.remove(
                task.tenant(), TaskTables.DEAD, TaskTables.DEAD.key(task.type(), task.count("ended_at"), task.id()));
    }

    // What time brings

    void timer(Tenant tenant, Row timer) {
        draft.remove(tenant, TaskTables.TIMER, timer.key());
        for (var id : timer.text("tasks").split(" ")) {
            switch (Timer.of(timer.text("what"))) {
                case READY -> draft.task(tenant, id).ifPresent(task -> due(task, timer.number("at")));
                case SWEEP -> draft.task(tenant, id).ifPresent(this::sweep);
                case FIRE -> firing.fire(tenant, id, timer.number("at"));
            }
        }
    }

    private void due(TaskRow task, long at) {
        if (task.state() == TaskState.LATER && task.place() == at) {
            ready(task);
        }
    }

    private void sweep(TaskRow task) {
        switch (task.state()) {
            case DONE, CANCELLED, DISCARDED ->
                draft.remove(task.tenant(), TaskTables.TASK, TaskTables.TASK.key(task.id()));
            case WAITING, READY, RUNNING, LATER, DEAD -> {}
        }
    }

    // What becomes of attempts

    /// An attempt has ended.
    ///
    /// @param start which of the task's starts it was
    void settle(TaskRow task, long start, Outcome outcome) {
        var counted = task.with(Map.of("started", start));
        switch (outcome) {
            case Outcome.Done done -> end(counted, TaskState.DONE);
            case Outcome.Retry(var reason, var after) -> failed(counted, reason, after);
            case Outcome.Snooze(var time, var reason) -> postpone(counted, time, reason);
            case Outcome.Dead(var reason) -> die(counted.with(plusOne(counted, "attempts")), reason);
        }
    }

    /// Ends one whose cancellation was asked for while it ran.
    void settleCancelled(TaskRow task, long start, Outcome outcome) {
        if (outcome instanceof Outcome.Done) {
            settle(task, start, outcome);
        } else {
            end(task.with(Map.of("started", start)).noting(now, "cancelled while it ran"), TaskState.CANCELLED);
        }
    }

    private void failed(TaskRow task, String reason, @Nullable Duration after) {
        long since = task.micros("failed_since").orElse(now);
        var counted = task.with(plusOne(task, "attempts")).with(Map.of("failed_since", since));
        long attempts = counted.count("attempts");
        var policy = policy(task);
        if (policy.givesUp(attempts, Duration.ofNanos((now - since) * 1000))) {
            die(counted, reason);
        } else {
            // Whoever was asked may say "at once" each time: the policy's wait is the shortest.
            var own = policy.waitAfter(attempts, random);
            var wait = after == null || after.compareTo(own) < 0 ? own : after;
            back(
                    counted.because(reason)
                            .noting(now, "attempt %d%s failed: %s".formatted(attempts, replay(" of", task), reason)),
                    wait);
        }
    }

    /// Which of its lives it is, since attempts are counted anew in each.
    private static String replay(String of, TaskRow task) {
        long replays = task.count("replays");
        return replays == 0 ? "" : "%s replay %d".formatted(of, replays);
    }

    /// Puts it off without counting an attempt.
    void postpone(TaskRow task, Duration time, String reason) {
        back(task.with(plusOne(task, "postponements")).because(reason), time);
    }

    /// Half of a time up to all of it, so that those which are put off together do not come back together.
    Duration jittered(Duration time) {
        long millis = time.toMillis();
        return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
    }

    /// The process that ran it has died.
    void crashed(TaskRow task, long start, String node) {
        var counted = task.with(plusOne(task, "crashes")).with(Map.of("started", start));
        long crashes = counted.count("crashes");
        var policy = policy(task);
        if (crashes >= policy.crashesMax()) {
            die(counted, "crash: %d processes died while they ran it".formatted(crashes));
        } else {
            var noted = counted.because("crash").noting(now, "process %s died while it ran it".formatted(node));
            back(noted, policy.waitAfter(crashes, random));
        }
    }

    private void back(TaskRow task, Duration wait) {
        unready(task);
        if (wait.isZero()) {
            ready(task);
        } else {
            later(task, now + wait.toNanos() / 1000);
        }
    }

    /// Gives up: it becomes a dead letter.
    void die(TaskRow task, String reason) {
        leave(task);
        var dead = task.because(reason)
                .noting(now, "dead%s: %s".formatted(replay(" in", task), reason))
                .with(Map.of("ended_at", now))
                .in(TaskState.DEAD, null);
        draft.put(dead);
        draft.put(task.tenant(), TaskTables.DEAD.row(Map.of("type", task.type(), "at", now, "id", task.id())));
        if (order(task) == Lane.Order.SEQUENTIAL_PASS) {
            advance(task);
        }
    }

    private void end(TaskRow task, TaskState state) {
        leave(task);
        if (settings.keepEnded().isZero()) {
            draft.remove(task.tenant(), TaskTables.TASK, TaskTables.TASK.key(task.id()));
        } else {
            draft.put(task.with(Map.of("ended_at", now)).in(state, null));
            swept.computeIfAbsent(new Swept(task.tenant(), task.slot()), slot -> new ArrayList<>())
                    .add(task.id());
        }
        task.dedup()
                .ifPresent(dedup ->
                        draft.remove(task.tenant(), TaskTables.DEDUP, TaskTables.DEDUP.key(task.type(), dedup)));
        advance(task);
    }

    /// Takes it out of the table in which its state has put it.
    private void leave(TaskRow task) {
        switch (task.state()) {
            case WAITING -> {
                if (isQueued(task)) {
                    draft.remove(task.tenant(), TaskTables.QUEUE, queued(task));
                }
            }
            case READY, RUNNING -> unready(task);
            case LATER ->
                draft.remove(
                        task.tenant(),
                        TaskTables.TIMER,
                        TaskTables.TIMER.key((long) task.slot(), task.place(), task.id()));
            case DONE, CANCELLED, DEAD, DISCARDED -> {}
        }
    }

    private void unready(TaskRow task) {
        draft.remove(
                task.tenant(),
                TaskTables.READY,
                TaskTables.READY.key(task.lane(), (long) task.slot(), task.place(), task.id()));
    }

    /// Makes the next of its key ready, if it was the head.
    private void advance(TaskRow task) {
        if (task.key().isEmpty() || head(task).filter(task.id()::equals).isEmpty()) {
            return;
        }
        var next = draft.first(task.tenant(), TaskTables.QUEUE, keyed(task));
        next.ifPresentOrElse(
                queued -> {
                    draft.remove(task.tenant(), TaskTables.QUEUE, queued.key());
                    lead(draft.task(task.tenant(), queued.text("id")).orElseThrow());
                },
                () -> draft.remove(task.tenant(), TaskTables.KEY, keyed(task)));
    }

    /// Says when what has ended in this draft is to be removed: one timer for all.
    void finish(String name) {
        swept.forEach((slot, tasks) -> draft.put(
                slot.tenant(),
                TaskTables.TIMER.row(Map.of(
                        "slot",
                        (long) slot.slot(),
                        "at",
                        now + settings.keepEnded().toNanos() / 1000,
                        "id",
                        name,
                        "what",
                        Timer.SWEEP.text(),
                        "tasks",
                        String.join(" ", tasks)))));
        swept.clear();
    }

    private Lane.Order order(TaskRow task) {
        return task.key().isEmpty()
                ? Lane.Order.PARALLEL
                : types.lane(task.lane()).map(Lane::order).orElse(Lane.Order.SEQUENTIAL_HOLD);
    }

    private boolean isSequential(TaskRow task) {
        return order(task).isSequential();
    }

    private RetryPolicy policy(TaskRow task) {
        return types.find(task.type()).map(TaskType::retry).orElse(RetryPolicy.defaults());
    }

    static RowKey queued(TaskRow task) {
        return TaskTables.QUEUE.key(task.lane(), task.key().orElse(""), task.seq(), task.id());
    }

    static RowKey keyed(TaskRow task) {
        return TaskTables.KEY.key(task.lane(), key(task));
    }

    private static String key(TaskRow task) {
        return task.key().orElseThrow();
    }

    private static Map<String, Long> plusOne(TaskRow task, String column) {
        return Map.of(column, task.count(column) + 1);
    }

    private static Map<String, @Nullable Object> nothing(String... columns) {
        var cells = new HashMap<String, @Nullable Object>();
        for (var column : columns) {
            cells.put(column, null);
        }
        return cells;
    }
}
