package io.cairn.task;

import io.cairn.event.ExactJson;
import io.cairn.event.Ids;
import io.cairn.event.RowSeals;
import io.cairn.event.Times;
import io.cairn.row.Row;
import io.cairn.seal.SealBrokenException;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Lets schedules fire, as changes of a draft: the tasks of the times that have come, and the timer of the next one,
/// are one unit of work.
///
/// Where this node does not know the type of a schedule's tasks, its times wait until one does. Where
/// its payload cannot be read any more, they are left out. The log is told of both: none is lost
/// silently.
final class Firing {
    private static final System.Logger LOG = System.getLogger(Firing.class.getName());

    /// After so long a time that this node cannot meet is looked at again.
    private static final Duration WITHOUT_TYPE = Duration.ofSeconds(30);

    /// Times of one schedule that a step takes in; its timer stays at the next one, which is the next step's.
    private static final int TIMES_AT_ONCE = 1000;

    /// How late a time is still met.
    private static final long LATE_MICROS_MAX = 60_000_000;

    private final Draft draft;
    private final Tasks tasks;
    private final SaidOnce said;
    private final long now;

    Firing(Draft draft, Tasks tasks, SaidOnce said, long now) {
        this.draft = draft;
        this.tasks = tasks;
        this.said = said;
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

    /// A time has come, or is to be looked at again.
    ///
    /// @param at of its timer, no sooner than the time itself; one that was left behind finds nothing
    ///     to do
    void fire(Tenant tenant, String name, long at) {
        var schedule = schedule(tenant, name).filter(row -> row.number("paused") == 0);
        var state = state(tenant, name);
        var first = state.map(row -> row.numberOrNull("next_at")).filter(next -> next <= at);
        if (schedule.isEmpty() || first.isEmpty()) {
            return;
        }
        if (!knowsType(tenant, schedule.get())) {
            putTimer(tenant, name, now + WITHOUT_TYPE.toNanos() / 1000);
            return;
        }
        var due = due(schedule.get(), first.get());
        long next = next(schedule.get(), due.getLast());
        var caughtUp = switch (CatchUp.of(schedule.get().text("catch_up"))) {
            case SKIP -> isMet(first.get()) ? due : List.<Long>of();
            case ONCE -> next <= now ? List.<Long>of() : List.of(due.getLast());
            case ALL -> due;
        };
        var payload = caughtUp.isEmpty() ? Optional.<JsonNode>empty() : payload(tenant, schedule.get());
        var fired = payload.isEmpty() ? List.<Long>of() : caughtUp;
        payload.ifPresent(given -> fired.forEach(time -> enqueue(tenant, schedule.get(), given, Times.instant(time))));
        save(tenant, name, state, next, fired, due.size() - fired.size());
    }

    /// It is to fire besides its times.
    void now(Context context, String name, String occasion) {
        schedule(context.tenant(), name)
                .ifPresent(schedule -> payload(context.tenant(), schedule)
                        .ifPresent(payload -> enqueue(context, schedule, payload, occasion)));
    }

    /// Whether it cannot be told now to fire, since this node does not know the type of its tasks.
    boolean isToWait(Tenant tenant, String name) {
        return schedule(tenant, name)
                .filter(schedule -> !knowsType(tenant, schedule))
                .isPresent();
    }

    private boolean knowsType(Tenant tenant, Row schedule) {
        boolean known = tasks.types().find(schedule.text("type")).isPresent();
        if (!known) {
            said.log(
                    LOG,
                    Level.WARNING,
                    "Schedule '%s' of tenant %s waits: this node does not know tasks of type %s"
                            .formatted(schedule.text("name"), tenant.id(), schedule.text("type")));
        }
        return known;
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

    /// What its tasks are given, if that can be read.
    private Optional<JsonNode> payload(Tenant tenant, Row schedule) {
        var name = schedule.text("name");
        try {
            var opened = tasks.opened(
                    draft.snapshot(),
                    tenant,
                    new RowSeals.SealedFor(schedule.text("subject"), UUID.fromString(schedule.text("key_id"))),
                    Schedules.sealedAs(name),
                    schedule.bytes("payload"));
            if (opened.isEmpty()) {
                leftOut(tenant, name, "its subject was forgotten, and its payload with it");
            }
            return opened.map(ExactJson.mapper()::readTree);
        } catch (SealBrokenException damaged) {
            leftOut(tenant, name, "its payload cannot be read: " + damaged.getMessage());
            return Optional.empty();
        }
    }

    private void leftOut(Tenant tenant, String name, String why) {
        said.log(
                LOG,
                Level.WARNING,
                "The times of schedule '%s' of tenant %s are left out: %s. Put it anew, or delete it"
                        .formatted(name, tenant.id(), why));
    }

    private void enqueue(Tenant tenant, Row schedule, JsonNode payload, Instant time) {
        var correlation = schedule.text("name") + "@" + time;
        enqueue(new Context(tenant, schedule.text("actor"), correlation), schedule, payload, time.toString());
    }

    private void enqueue(Context context, Row schedule, JsonNode payload, String occasion) {
        var tenant = context.tenant();
        var id = taskId(tenant, schedule.text("name"), occasion);
        if (draft.task(tenant, id.toString()).isPresent()) {
            return;
        }
        var task = NewTask.of(id, schedule.text("type"), payload).about(schedule.text("subject"));
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
            putTimer(tenant, name, next);
        }
    }

    private void putTimer(Tenant tenant, String name, long at) {
        draft.put(
                tenant,
                TaskTables.TIMER.row(Map.of(
                        "slot",
                        (long) Schedules.slot(name),
                        "at",
                        at,
                        "id",
                        timer(name),
                        "what",
                        Timer.FIRE.text(),
                        "tasks",
                        name)));
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
