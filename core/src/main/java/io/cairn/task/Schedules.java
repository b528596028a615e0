package io.cairn.task;

import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.ExactJson;
import io.cairn.event.Ids;
import io.cairn.event.TenantView;
import io.cairn.event.Unit;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Schedules as their owners see them: tasks that are enqueued again and again, as cron expressions say.
///
/// The task of each fire time has an id that follows from the schedule's name and that time, so that it is enqueued
/// once, whichever node does it and however often. Its correlation id names both: `weekly@2026-12-06T02:00:00Z`.
public final class Schedules {
    static final String LANE = "schedule";

    private final EventLog log;
    private final Tasks tasks;
    private final Ids ids;

    public Schedules(EventLog log, Tasks tasks, Ids ids) {
        this.log = log;
        this.tasks = tasks;
        this.ids = ids;
    }

    static int slot(String name) {
        return Slots.of(LANE, name);
    }

    /// Says for which row a schedule's payload is sealed.
    static String sealedAs(String name) {
        return "schedule/" + name;
    }

    /// Makes a schedule, or changes the one of this name; it keeps its last run.
    ///
    /// One with the expression and zone of before keeps its next time too, and so what it missed, unless it was
    /// paused: a deployment that puts its schedules after an outage loses no time.
    ///
    /// @throws IllegalArgumentException if the type of its tasks is unknown
    public void put(Context context, NewSchedule schedule) {
        tasks.types().require(schedule.type());
        while (!triedToPut(context, schedule)) {
            // Somebody else has put it meanwhile, and what is there now decides whether it begins anew.
        }
    }

    /// @return whether nobody changed it meanwhile
    private boolean triedToPut(Context context, NewSchedule schedule) {
        var name = schedule.name();
        var payload = ExactJson.mapper().writeValueAsBytes(schedule.payload());
        var sealed = log.rowSeals().seal(context.tenant(), schedule.subject(), sealedAs(name), payload);
        var cells = new HashMap<String, @Nullable Object>();
        cells.put("name", name);
        cells.put("cron", schedule.cron().toString());
        cells.put("zone", schedule.zone().getId());
        cells.put("catch_up", schedule.catchUp().text());
        cells.put("type", schedule.type());
        cells.put("task_key", schedule.key());
        cells.put("subject", schedule.subject());
        cells.put("key_id", sealed.keyId().toString());
        cells.put("payload", sealed.bytes());
        cells.put("paused", 0L);
        cells.put("created_at", ids.micros());
        cells.put("actor", context.actor());
        cells.put("correlation", context.correlation());
        var before = log.read(context.tenant(), view -> row(view, name));
        var rows = new ArrayList<RowChange>(sealed.rows());
        rows.add(new RowChange.Put(TaskTables.SCHEDULE.row(cells)));
        if (before.filter(row -> hasTimesOf(row, schedule)).isEmpty()) {
            rows.add(tasks.message(context, InboxMessage.SCHEDULE, slot(name), name));
        }
        var unchanged = before.<RowExpectation>map(Schedules::unchanged)
                .orElseGet(() -> new RowExpectation.Absent(TaskTables.SCHEDULE, TaskTables.SCHEDULE.key(name)));
        return log.append(new Unit(context, List.of(), List.of(unchanged), rows)) instanceof Appended.Written;
    }

    private static boolean hasTimesOf(Row before, NewSchedule schedule) {
        return before.number("paused") == 0
                && before.text("cron").equals(schedule.cron().toString())
                && before.text("zone").equals(schedule.zone().getId());
    }

    private static RowExpectation unchanged(Row row) {
        return new RowExpectation.Cell(TaskTables.SCHEDULE, row.key(), "created_at", row.number("created_at"));
    }

    /// @return whether there is such a schedule
    public boolean pause(Context context, String name) {
        return setPaused(context, name, 1);
    }

    /// Lets it go on from its next time; what it missed while it was paused is left out.
    public boolean resume(Context context, String name) {
        return setPaused(context, name, 0);
    }

    private boolean setPaused(Context context, String name, long paused) {
        while (true) {
            var outcome = triedToPause(context, name, paused);
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
    }

    /// @return nothing if the schedule was replaced meanwhile
    private Optional<Boolean> triedToPause(Context context, String name, long paused) {
        var found = log.read(context.tenant(), view -> row(view, name));
        if (found.isEmpty()) {
            return Optional.of(false);
        }
        var cells = new HashMap<String, @Nullable Object>();
        TaskTables.SCHEDULE
                .columns()
                .forEach(column -> cells.put(column.name(), found.get().cell(column.name())));
        cells.put("paused", paused);
        var changes = List.of(
                new RowChange.Put(TaskTables.SCHEDULE.row(cells)),
                tasks.message(context, InboxMessage.SCHEDULE, slot(name), name));
        return log.append(new Unit(context, List.of(), List.of(unchanged(found.get())), changes))
                        instanceof Appended.Written
                ? Optional.of(true)
                : Optional.empty();
    }

    /// Lets it fire once more, a moment later, besides its times.
    ///
    /// @throws IllegalArgumentException if the type of its tasks is unknown here
    public boolean runNow(Context context, String name) {
        find(context.tenant(), name).ifPresent(schedule -> tasks.types().require(schedule.type()));
        return ask(context, name, InboxMessage.FIRE, List.of());
    }

    /// Removes it; what it has enqueued stays.
    public boolean remove(Context context, String name) {
        return ask(
                context,
                name,
                InboxMessage.SCHEDULE,
                List.of(new RowChange.Remove(TaskTables.SCHEDULE, TaskTables.SCHEDULE.key(name))));
    }

    private boolean ask(Context context, String name, InboxMessage what, List<RowChange> changes) {
        if (log.read(context.tenant(), view -> row(view, name)).isEmpty()) {
            return false;
        }
        var rows = new ArrayList<>(changes);
        rows.add(tasks.message(context, what, slot(name), name));
        log.append(Unit.rows(context, rows));
        return true;
    }

    private static Optional<Row> row(TenantView view, String name) {
        return view.row(TaskTables.SCHEDULE, TaskTables.SCHEDULE.key(name));
    }

    public Optional<Schedule> find(Tenant tenant, String name) {
        return log.read(tenant, view -> row(view, name).map(row -> seen(view, row)));
    }

    /// In the order of their names.
    public List<Schedule> list(Tenant tenant, @Nullable String after, int limit) {
        var from = after == null ? null : TaskTables.SCHEDULE.key(after);
        return log.read(
                tenant,
                view -> view.rows(TaskTables.SCHEDULE, new RowKey(List.of()), from, limit).stream()
                        .map(row -> seen(view, row))
                        .toList());
    }

    private Schedule seen(TenantView view, Row row) {
        return Schedule.of(row, view.row(TaskTables.SCHEDULED, TaskTables.SCHEDULED.key(row.text("name"))), ids.now());
    }
}
