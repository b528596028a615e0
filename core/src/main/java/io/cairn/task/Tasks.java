package io.cairn.task;

import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.ExactJson;
import io.cairn.event.Ids;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.RowSeals;
import io.cairn.event.TenantView;
import io.cairn.event.Times;
import io.cairn.event.Unit;
import io.cairn.row.Assigned;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Tasks as those see them who want something done: they are enqueued in units of work, looked at, and cancelled.
public final class Tasks {
    private static final int SCAN = 500;

    /// How many rows a page of a list looks at, so that a list of a hundred thousand tasks costs as much as there is
    /// time for in one request.
    static final int LOOKED_AT_MAX = 2_000;

    private final EventLog log;
    private final TaskTypes types;
    private final TaskSettings settings;
    private final Ids ids;
    private final AtomicLong last = new AtomicLong();

    public Tasks(EventLog log, TaskTypes types, TaskSettings settings, Ids ids) {
        this.log = log;
        this.types = types;
        this.settings = settings;
        this.ids = ids;
    }

    public TaskTypes types() {
        return types;
    }

    Ids ids() {
        return ids;
    }

    TaskSettings settings() {
        return settings;
    }

    /// What a unit of work has to carry for tasks to be enqueued with it.
    ///
    /// @param expectations of which one is unmet if a task with the same deduplication key has not ended, which is
    ///     [told][Tasks#existing] by the outcome
    public record Enqueued(List<TaskId> ids, List<RowExpectation> expectations, List<RowChange> rows) {
        public Enqueued {
            ids = List.copyOf(ids);
            expectations = List.copyOf(expectations);
            rows = List.copyOf(rows);
        }
    }

    /// What became of a task that was enqueued by itself.
    public sealed interface Submitted {
        TaskId id();

        record Accepted(TaskId id) implements Submitted {}

        /// There is one already, of the same id or the same deduplication key.
        record Existing(TaskId id) implements Submitted {}
    }

    /// Works out what enqueues tasks; they are there once the unit of work that carries it is.
    ///
    /// Of several with one deduplication key the first is enqueued, and the others are known by its id.
    ///
    /// @throws IllegalArgumentException if a type is unknown or a payload too large
    public Enqueued enqueue(Context context, NewTask... tasks) {
        return enqueue(context, List.of(tasks));
    }

    public Enqueued enqueue(Context context, List<NewTask> tasks) {
        var expectations = new ArrayList<RowExpectation>();
        var rows = new ArrayList<RowChange>();
        var ids = firsts(tasks);
        var seals = log.rowSeals().ofUnit();
        for (int i = 0; i < tasks.size(); i++) {
            if (ids.get(i).value().equals(tasks.get(i).id())) {
                add(context, tasks.get(i), seals, expectations, rows);
            }
        }
        return new Enqueued(ids, expectations, rows);
    }

    /// The ids of the tasks or, where one before has the same deduplication key, that one's.
    private static List<TaskId> firsts(List<NewTask> tasks) {
        var firsts = new HashMap<RowExpectation, UUID>();
        return tasks.stream()
                .map(task -> dedup(task)
                        .map(key -> firsts.computeIfAbsent(key, none -> task.id()))
                        .orElse(task.id()))
                .map(TaskId::new)
                .toList();
    }

    private void add(
            Context context,
            NewTask task,
            RowSeals.OfUnit seals,
            List<RowExpectation> expectations,
            List<RowChange> rows) {
        var type = types.require(task.type());
        var payload = ExactJson.mapper().writeValueAsBytes(task.payload());
        if (payload.length > settings.payloadBytesMax()) {
            throw new IllegalArgumentException(
                    "The payload of a task has at most %d bytes; that of %s has %d. Store it as a document or a blob, and name that"
                            .formatted(settings.payloadBytesMax(), task.type(), payload.length));
        }
        var id = task.id().toString();
        var sealed = seals.seal(context.tenant(), task.subject(), id, payload);
        rows.addAll(sealed.rows());
        long now = nextPlace();
        boolean sequential = task.key() != null
                && types.lane(type.lane()).orElseThrow().order().isSequential();
        var cells = cells(context, task, type, sealed);
        cells.put("seq", Assigned.ORDER);
        cells.put("created_at", now);
        var row = new TaskRow(context.tenant(), TaskTables.TASK.row(cells));
        if (sequential) {
            rows.add(new RowChange.Put(row.in(TaskState.WAITING, null).row()));
            rows.add(message(context, InboxMessage.ARRIVE, row.slot(), row.id()));
        } else {
            rows.addAll(readyOrLater(row, now));
        }
        if (task.dedup() != null) {
            dedup(task).ifPresent(expectations::add);
            rows.add(new RowChange.Put(
                    TaskTables.DEDUP.row(Map.of("type", task.type(), "dedup", task.dedup(), "id", id))));
        }
    }

    private static List<RowChange> readyOrLater(TaskRow row, long now) {
        var due = row.micros("due_at").filter(at -> at > now);
        var placed = due.isPresent() ? row.in(TaskState.LATER, due.get()) : row.in(TaskState.READY, row.rank(now));
        var beside = due.isPresent()
                ? TaskTables.TIMER.row(Map.of(
                        "slot",
                        (long) row.slot(),
                        "at",
                        due.get(),
                        "id",
                        row.id(),
                        "what",
                        Timer.READY.text(),
                        "tasks",
                        row.id()))
                : TaskTables.READY.row(
                        Map.of("lane", row.lane(), "slot", (long) row.slot(), "place", placed.place(), "id", row.id()));
        return List.of(new RowChange.Put(placed.row()), new RowChange.Put(beside));
    }

    private HashMap<String, @Nullable Object> cells(
            Context context, NewTask task, TaskType type, RowSeals.Sealed sealed) {
        var id = task.id().toString();
        var cells = new HashMap<String, @Nullable Object>();
        cells.put("id", id);
        cells.put("type", type.name());
        cells.put("lane", type.lane());
        cells.put("slot", (long) Slots.of(type.lane(), task.key() == null ? id : task.key()));
        cells.put("task_key", task.key());
        cells.put("priority", (long) task.priority());
        cells.put("due_at", task.due() == null ? null : Times.micros(task.due()));
        cells.put("deadline_at", task.deadline() == null ? null : Times.micros(task.deadline()));
        cells.put("dedup", task.dedup());
        cells.put("correlation", context.correlation());
        cells.put("actor", context.actor());
        cells.put("subject", task.subject());
        cells.put("key_id", sealed.keyId().toString());
        cells.put("payload", sealed.bytes());
        cells.put("state", TaskState.READY.text());
        return cells;
    }

    /// What asks the holder of a slot for something.
    RowChange message(Context context, InboxMessage what, int slot, String about) {
        return new RowChange.Put(TaskTables.INBOX.row(Map.of(
                "slot",
                (long) slot,
                "seq",
                Assigned.ORDER,
                "id",
                ids.next().toString(),
                "what",
                what.text(),
                "task",
                about,
                "actor",
                context.actor(),
                "correlation",
                context.correlation())));
    }

    /// Enqueues one task by itself.
    public Submitted submit(Context context, NewTask task) {
        return submit(context, List.of(task)).getFirst();
    }

    /// Enqueues tasks in one unit of work, without those that are there already.
    public List<Submitted> submit(Context context, List<NewTask> tasks) {
        var left = new ArrayList<>(tasks);
        var existing = new HashMap<UUID, TaskId>();
        while (!left.isEmpty()) {
            var enqueued = enqueue(context, left);
            var expectations = new ArrayList<>(enqueued.expectations());
            left.forEach(task -> expectations.add(absent(task)));
            var outcome = log.append(new Unit(context, List.of(), expectations, enqueued.rows()));
            if (outcome instanceof Appended.Unmet unmet) {
                var there = left.stream()
                        .filter(task -> absent(task).equals(unmet.expectation())
                                || dedup(task)
                                        .filter(unmet.expectation()::equals)
                                        .isPresent())
                        .findFirst()
                        .orElseThrow(() -> unexpected(unmet));
                existing.put(there.id(), existing(unmet));
                left.remove(there);
            } else if (outcome instanceof Appended.Written) {
                for (int i = 0; i < left.size(); i++) {
                    var first = enqueued.ids().get(i);
                    if (!first.value().equals(left.get(i).id())) {
                        existing.put(left.get(i).id(), first);
                    }
                }
                left.clear();
            } else {
                throw unexpected(outcome);
            }
        }
        return tasks.stream()
                .<Submitted>map(task -> {
                    var there = existing.get(task.id());
                    return there == null
                            ? new Submitted.Accepted(new TaskId(task.id()))
                            : new Submitted.Existing(there);
                })
                .toList();
    }

    private static RowExpectation absent(NewTask task) {
        return new RowExpectation.Absent(
                TaskTables.TASK, TaskTables.TASK.key(task.id().toString()));
    }

    private static Optional<RowExpectation> dedup(NewTask task) {
        return Optional.ofNullable(task.dedup())
                .map(dedup -> new RowExpectation.Absent(TaskTables.DEDUP, TaskTables.DEDUP.key(task.type(), dedup)));
    }

    /// The task that has kept another one from being enqueued.
    public static TaskId existing(Appended.Unmet unmet) {
        return unmet.found().map(row -> TaskId.of(row.text("id"))).orElseThrow(() -> unexpected(unmet));
    }

    private static IllegalStateException unexpected(Appended outcome) {
        return new IllegalStateException("Enqueueing a task came to " + outcome);
    }

    /// Asks for a task not to be done any more; what runs is told so. It is cancelled a moment later.
    ///
    /// @return whether there is such a task
    public boolean cancel(Context context, TaskId id) {
        return ask(context, id, InboxMessage.CANCEL);
    }

    /// Lets a dead letter begin anew, with its id, its key and its history; a moment later.
    public boolean replay(Context context, TaskId id) {
        return ask(context, id, InboxMessage.REPLAY);
    }

    /// Gives a dead letter up; a moment later.
    public boolean discard(Context context, TaskId id) {
        return ask(context, id, InboxMessage.DISCARD);
    }

    private boolean ask(Context context, TaskId id, InboxMessage what) {
        var task = log.read(context.tenant(), view -> row(view, id));
        task.ifPresent(found -> ask(context, List.of(found), what));
        return task.isPresent();
    }

    /// Leaves messages about tasks, all in one unit of work.
    void ask(Context context, List<TaskRow> tasks, InboxMessage what) {
        log.append(Unit.rows(
                context,
                tasks.stream()
                        .map(task -> message(context, what, task.slot(), task.id()))
                        .toList()));
    }

    /// The time, and a little later each time.
    private long nextPlace() {
        return last.accumulateAndGet(ids.micros(), (before, now) -> Math.max(before + 1, now));
    }

    private static Optional<TaskRow> row(TenantView view, TaskId id) {
        return view.row(TaskTables.TASK, TaskTables.TASK.key(id.toString()))
                .map(row -> new TaskRow(view.tenant(), row));
    }

    public Optional<Task> find(Tenant tenant, TaskId id) {
        return log.read(
                tenant,
                view -> row(view, id).map(row -> seen(view, List.of(row)).getFirst()));
    }

    /// Who is first of a key, and how many wait behind that one.
    public record Lead(TaskId head, long behind) {}

    /// Of the key of a task in a sequential lane, who holds the others: one that is ready, runs, waits
    /// for its time, or is dead.
    public Optional<Lead> lead(Tenant tenant, Task task) {
        var key = task.key();
        if (key == null) {
            return Optional.empty();
        }
        return log.read(
                tenant,
                view -> view.row(TaskTables.KEY, TaskTables.KEY.key(task.lane(), key))
                        .map(row -> new Lead(
                                TaskId.of(row.text("head")),
                                view.count(TaskTables.QUEUE, TaskTables.QUEUE.key(task.lane(), key)))));
    }

    /// Which tasks are meant; what is null does not matter.
    public record Filter(
            @Nullable TaskState state,
            @Nullable String type,
            @Nullable String lane) {
        public static Filter all() {
            return new Filter(null, null, null);
        }

        public Filter in(TaskState which) {
            return new Filter(which, type, lane);
        }

        public Filter of(String which) {
            return new Filter(state, which, lane);
        }

        private boolean fits(TaskRow task, boolean running) {
            var stands = running && task.state() == TaskState.READY ? TaskState.RUNNING : task.state();
            return (state == null || state == stands)
                    && (type == null || type.equals(task.type()))
                    && (lane == null || lane.equals(task.lane()));
        }
    }

    /// Some of the tasks that were asked for.
    ///
    /// @param next behind which the others are, if there may be others
    public record Listed(List<Task> tasks, @Nullable String next) {
        public Listed {
            tasks = List.copyOf(tasks);
        }
    }

    /// Tasks in the order of their ids. One call looks at no more than [so many][#LOOKED_AT_MAX], and may so find fewer
    /// than it was asked for, or none, although others follow; those that run are found by their claims.
    ///
    /// @param after the id behind which the list begins
    public Listed list(Tenant tenant, Filter filter, @Nullable String after, int limit) {
        return log.read(tenant, view -> {
            var claimed = claimed(view);
            var found = new ArrayList<TaskRow>();
            var next = filter.state() == TaskState.RUNNING
                    ? running(view, claimed, filter, after, limit, found)
                    : look(view, claimed, filter, after, limit, found);
            return new Listed(seen(view, found, claimed), next);
        });
    }

    private @Nullable String look(
            TenantView view,
            Map<String, Long> claimed,
            Filter filter,
            @Nullable String after,
            int limit,
            List<TaskRow> found) {
        var from = after == null ? null : TaskTables.TASK.key(after);
        for (int looked = 0; looked < LOOKED_AT_MAX; looked += SCAN) {
            var page = view.rows(TaskTables.TASK, new RowKey(List.of()), from, SCAN);
            for (var row : page) {
                var task = new TaskRow(view.tenant(), row);
                from = row.key();
                if (filter.fits(task, isRunning(task, claimed))) {
                    if (found.size() == limit) {
                        return found.getLast().id();
                    }
                    found.add(task);
                }
            }
            if (page.size() < SCAN) {
                return null;
            }
        }
        return from == null ? null : (String) from.parts().getFirst();
    }

    private static @Nullable String running(
            TenantView view,
            Map<String, Long> claimed,
            Filter filter,
            @Nullable String after,
            int limit,
            List<TaskRow> found) {
        var keys = claimed.keySet().stream()
                .filter(id -> after == null || id.compareTo(after) > 0)
                .map(TaskTables.TASK::key)
                .toList();
        var all = view.rows(TaskTables.TASK, keys).stream()
                .map(row -> new TaskRow(view.tenant(), row))
                .filter(task -> filter.fits(task, isRunning(task, claimed)))
                .sorted(Comparator.comparing(TaskRow::id))
                .toList();
        found.addAll(all.subList(0, Math.min(limit, all.size())));
        return all.size() > limit ? found.getLast().id() : null;
    }

    private static boolean isRunning(TaskRow task, Map<String, Long> claimed) {
        return claimed.getOrDefault(task.id(), 0L) > task.started();
    }

    /// Which start of which tasks was claimed.
    private static Map<String, Long> claimed(TenantView view) {
        return view.rows(TaskTables.CLAIM, new RowKey(List.of()), null, Integer.MAX_VALUE).stream()
                .flatMap(claim -> Claims.listed(claim).stream())
                .collect(Collectors.toMap(Claims.Claimed::task, Claims.Claimed::start, Math::max));
    }

    private static List<Task> seen(TenantView view, List<TaskRow> rows) {
        return seen(view, rows, claimed(view));
    }

    private static List<Task> seen(TenantView view, List<TaskRow> rows, Map<String, Long> claimed) {
        var running = rows.stream()
                .filter(task -> isRunning(task, claimed))
                .map(TaskRow::id)
                .collect(Collectors.toSet());
        var progress = progress(view, running);
        return rows.stream()
                .map(row -> Task.of(row, running.contains(row.id()), progress.get(row.id())))
                .toList();
    }

    private static Map<String, Task.Progress> progress(TenantView view, Set<String> running) {
        return running.isEmpty()
                ? Map.of()
                : view
                        .rows(
                                TaskTables.PROGRESS,
                                running.stream().map(TaskTables.PROGRESS::key).toList())
                        .stream()
                        .collect(Collectors.toMap(
                                row -> row.text("id"),
                                row -> new Task.Progress(row.number("done"), row.number("total"))));
    }

    /// Those of these ids that there are.
    Map<String, Task> seen(TenantView view, Set<String> ids) {
        var keys = ids.stream().map(TaskTables.TASK::key).toList();
        var rows = view.rows(TaskTables.TASK, keys).stream()
                .map(row -> new TaskRow(view.tenant(), row))
                .toList();
        return seen(view, rows).stream()
                .collect(Collectors.toMap(task -> task.id().toString(), task -> task));
    }

    /// Leaves messages about those of these tasks that are there, in their order.
    void ask(Context context, InboxMessage what, List<TaskId> about) {
        var keys = about.stream().map(id -> TaskTables.TASK.key(id.toString())).toList();
        var rows = log.read(context.tenant(), view -> view.rows(TaskTables.TASK, keys)).stream()
                .collect(Collectors.toMap(row -> row.text("id"), row -> new TaskRow(context.tenant(), row)));
        var found = about.stream()
                .flatMap(id -> Stream.ofNullable(rows.get(id.toString())))
                .toList();
        if (!found.isEmpty()) {
            ask(context, found, what);
        }
    }

    /// What was sealed in a row of a tenant's, or nothing if its subject was forgotten.
    Optional<byte[]> opened(ReadSnapshot snapshot, Tenant tenant, RowSeals.SealedFor whose, String row, byte[] sealed) {
        return log.rowSeals().open(snapshot, tenant, whose, row, sealed);
    }

    /// What a task was given, or nothing if its subject was forgotten.
    public Optional<JsonNode> payload(Tenant tenant, TaskId id) {
        return log.read(
                tenant,
                view -> row(view, id)
                        .flatMap(task -> view.opened(
                                log.rowSeals(),
                                new RowSeals.SealedFor(
                                        task.row().text("subject"),
                                        UUID.fromString(task.row().text("key_id"))),
                                task.id(),
                                task.row().bytes("payload")))
                        .map(ExactJson.mapper()::readTree));
    }
}
