package io.cairn.task;

import io.cairn.event.ExactJson;
import io.cairn.event.Ids;
import io.cairn.event.RowSeals;
import io.cairn.event.Times;
import io.cairn.row.Row;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Lets schedules fire, as changes of a draft: the tasks of the times that have come, and the timer of the next one,
/// are one unit of work.
final class Firing {
    /// Times of one schedule that a step takes in; its timer stays at the next one, which is the next step's.
    private static final int TIMES_AT_ONCE = 1000;

    /// How late a time is still met.
    private static final long LATE_MICROS_MAX = 60_000_000;

    private final Draft draft;
    private final Tasks tasks;
    private final long now;

    Firing(Draft draft, Tasks tasks, long now) {
        this.draft = draft;
        this.tasks = tasks;
        this.now = now;
    }

    /// A schedule was made, changed, paused, resumed or removed: it fires next at its next time from now on.
    void changed(Tenant tenant, String name) {
        var state = state(tenant, name);
        state.map(row -> row.numberOrNull("next_at"))
                .ifPresent(at -> draft.remove(
                        tenant, TaskTables.TIMER, TaskTables.TIMER.key((long) Schedules.slot(name), at, timer(name))));
        var schedule = schedule(tenant, name);
        if (schedule.isEmpty()) {
            draft.remove(tenant, TaskTables.SCHEDULED, TaskTables.SCHEDULED.key(name));
        } else if (schedule.get().number("paused") != 0) {
            save(tenant, name, state, null, List.of(), 0);
        } else {
            save(tenant, name, state, next(schedule.get(), now), List.of(), 0);
        }
    }

    /// A time has come.
    void fire(Tenant tenant, String name, long at) {
        var schedule = schedule(tenant, name).filter(row -> row.number("paused") == 0);
        var state = state(tenant, name);
        boolean current = state.map(row -> row.numberOrNull("next_at"))
                .filter(next -> next == at)
                .isPresent();
        if (schedule.isEmpty() || !current) {
            return;
        }
        var due = due(schedule.get(), at);
        long next = next(schedule.get(), due.getLast());
        var caughtUp = switch (CatchUp.of(schedule.get().text("catch_up"))) {
            case SKIP -> isMet(at) ? due : List.<Long>of();
            case ONCE -> next <= now ? List.<Long>of() : List.of(due.getLast());
            case ALL -> due;
        };
        caughtUp.forEach(time -> enqueue(schedule.get(), Times.instant(time), tenant));
        save(tenant, name, state, next, caughtUp, due.size() - caughtUp.size());
    }

    /// It is to fire besides its times.
    void now(Context context, String name, String occasion) {
        schedule(context.tenant(), name).ifPresent(schedule -> enqueue(context, schedule, occasion));
    }

    /// The times that have come since one that has, or the first of them.
    ///
    /// The last ones, which could still be met, always come together with one that was missed before them, if there
    /// is one: so it shows that nobody was there to meet these either.
    private List<Long> due(Row schedule, long first) {
        var due = new ArrayList<Long>();
        for (long at = first; at <= now && (due.size() < TIMES_AT_ONCE || isMet(at)); at = next(schedule, at)) {
            due.add(at);
        }
        return due;
    }

    private boolean isMet(long at) {
        return now - at <= LATE_MICROS_MAX;
    }

    private static long next(Row schedule, long after) {
        return Times.micros(CronExpression.parse(schedule.text("cron"))
                .next(Times.instant(after), ZoneId.of(schedule.text("zone"))));
    }

    private void enqueue(Row schedule, Instant time, Tenant tenant) {
        var correlation = schedule.text("name") + "@" + time;
        enqueue(new Context(tenant, schedule.text("actor"), correlation), schedule, time.toString());
    }

    private void enqueue(Context context, Row schedule, String occasion) {
        var tenant = context.tenant();
        var name = schedule.text("name");
        var id = taskId(tenant, name, occasion);
        var payload = tasks.opened(
                draft.snapshot(),
                tenant,
                new RowSeals.SealedFor(schedule.text("subject"), UUID.fromString(schedule.text("key_id"))),
                Schedules.sealedAs(name),
                schedule.bytes("payload"));
        if (payload.isEmpty()
                || tasks.types().find(schedule.text("type")).isEmpty()
                || draft.task(tenant, id.toString()).isPresent()) {
            return;
        }
        var task = NewTask.of(id, schedule.text("type"), ExactJson.mapper().readTree(payload.get()))
                .about(schedule.text("subject"));
        var key = schedule.textOrNull("task_key");
        tasks.enqueue(context, key == null ? task : task.withKey(key))
                .rows()
                .forEach(change -> draft.add(tenant, change));
    }

    private static UUID taskId(Tenant tenant, String name, String occasion) {
        return Ids.named("schedule", tenant.id(), name, occasion);
    }

    private void save(
            Tenant tenant, String name, Optional<Row> state, @Nullable Long next, List<Long> fired, int skipped) {
        var cells = new HashMap<String, @Nullable Object>();
        cells.put("name", name);
        cells.put("next_at", next);
        cells.put(
                "last_at",
                fired.isEmpty() ? state.map(row -> row.numberOrNull("last_at")).orElse(null) : fired.getLast());
        cells.put(
                "last_task",
                fired.isEmpty()
                        ? state.map(row -> row.textOrNull("last_task")).orElse(null)
                        : taskId(tenant, name, Times.instant(fired.getLast()).toString())
                                .toString());
        cells.put("fired", Schedule.count(state, "fired") + fired.size());
        cells.put("skipped", Schedule.count(state, "skipped") + skipped);
        draft.put(tenant, TaskTables.SCHEDULED.row(cells));
        if (next != null) {
            draft.put(
                    tenant,
                    TaskTables.TIMER.row(Map.of(
                            "slot",
                            (long) Schedules.slot(name),
                            "at",
                            next,
                            "id",
                            timer(name),
                            "what",
                            Timer.FIRE.text(),
                            "tasks",
                            name)));
        }
    }

    private static String timer(String name) {
        return "schedule/" + name;
    }

    private Optional<Row> schedule(Tenant tenant, String name) {
        return draft.row(tenant, TaskTables.SCHEDULE, TaskTables.SCHEDULE.key(name));
    }

    private Optional<Row> state(Tenant tenant, String name) {
        return draft.row(tenant, TaskTables.SCHEDULED, TaskTables.SCHEDULED.key(name));
    }
}
