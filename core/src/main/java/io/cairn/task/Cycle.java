package io.cairn.task;

import io.cairn.event.EventLog;
import io.cairn.event.ExactJson;
import io.cairn.event.Ids;
import io.cairn.event.PartitionUnit;
import io.cairn.event.RowSeals;
import io.cairn.guard.Breaker;
import io.cairn.lease.SlotShare;
import io.cairn.lease.SlotShare.Slot;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.seal.SealBrokenException;
import io.cairn.task.Claims.Claimed;
import io.cairn.task.TaskEngine.Ended;
import io.cairn.task.TaskEngine.RunKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What one step decides, before it is committed in each partition; nothing of it counts until it is.
final class Cycle {
    private static final int MESSAGES_AT_ONCE = 500;
    private static final int TIMERS_AT_ONCE = 500;

    /// Besides the effects of tasks, of which a unit may have as many events as well.
    private static final int APPENDS_AT_ONCE = 200;
    private static final int CLAIMED_AT_ONCE = 500;
    private static final Duration WITHOUT_HANDLER = Duration.ofSeconds(30);

    private final Draft draft;
    private final ReadAhead ahead;
    private final Moves moves;
    private final Node node;
    private final List<Ended> ended = new ArrayList<>();
    private final List<Ended> effective = new ArrayList<>();
    private final List<Run> cancelled = new ArrayList<>();
    private final List<Run> started = new ArrayList<>();
    private final Map<Claims.Key, Set<String>> opened = new LinkedHashMap<>();
    private final List<Slot> reconciled = new ArrayList<>();
    private final Set<RunKey> moved = new HashSet<>();
    private boolean hungry;
    private boolean crowded;

    /// What a cycle has to know of the node; it changes none of it.
    record Node(
            EventLog log,
            TaskTypes types,
            Ids ids,
            String name,
            LongSupplier nanos,
            SlotShare share,
            Leaving leaving,
            Map<RunKey, Run> running,
            Claims claims,
            Set<Slot> reconciled,
            Fairness.Turns turns,
            ReplayBreakers replays,
            BiConsumer<Run, Outcome> ended) {}

    /// What is to be committed in one partition, and what is so once it was.
    ///
    /// @param appends what is told of it in the log
    /// @param effective those that ended with effects, which are to be committed too
    record Finished(
            List<PartitionUnit.Append> appends,
            List<PartitionUnit.Change> changes,
            List<Ended> effective,
            List<Ended> ended,
            List<Run> cancelled,
            List<Run> started,
            Map<Claims.Key, Set<String>> opened,
            List<Slot> reconciled) {}

    Cycle(Draft draft, Moves moves, Node node) {
        this.draft = draft;
        this.ahead = new ReadAhead(draft);
        this.moves = moves;
        this.node = node;
    }

    /// Those parts of it that belong to partitions in which there is something to be done.
    Map<Integer, Finished> finished() {
        moves.finish(node.ids().next().toString());
        var changes = draft.changes().stream().collect(Collectors.groupingBy(change -> partition(change.tenant())));
        var touched = new TreeSet<>(changes.keySet());
        ended.forEach(one -> touched.add(one.run().slot().partition()));
        cancelled.forEach(run -> touched.add(run.slot().partition()));
        reconciled.forEach(slot -> touched.add(slot.partition()));
        return touched.stream()
                .collect(Collectors.toMap(
                        partition -> partition,
                        partition -> finished(partition, changes.getOrDefault(partition, List.of())),
                        (same, never) -> same,
                        TreeMap::new));
    }

    private Finished finished(int partition, List<PartitionUnit.Change> changes) {
        return new Finished(
                draft.appends().stream()
                        .filter(append -> partition(append.context().tenant()) == partition)
                        .toList(),
                changes,
                endedIn(partition, effective),
                endedIn(partition, ended),
                in(partition, cancelled),
                in(partition, started),
                opened.entrySet().stream()
                        .filter(entry -> partition(entry.getKey().tenant()) == partition)
                        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)),
                reconciled.stream()
                        .filter(slot -> slot.partition() == partition)
                        .toList());
    }

    private static List<Ended> endedIn(int partition, List<Ended> some) {
        return some.stream()
                .filter(one -> one.run().slot().partition() == partition)
                .toList();
    }

    private static List<Run> in(int partition, List<Run> runs) {
        return runs.stream().filter(run -> run.slot().partition() == partition).toList();
    }

    private int partition(Tenant tenant) {
        return node.log().partition(tenant);
    }

    /// Whether more is to be done at once.
    boolean isHungry() {
        return hungry;
    }

    /// Whether more could be started once something ends.
    boolean isCrowded() {
        return crowded;
    }

    /// Finds out what others, or commits of unknown fate, have left in slots.
    ///
    /// A task that a claim lists, and that has not ended since, was started by a process that is no more. Of this
    /// process it is known what runs, so what does not run was never begun.
    void reconcile(List<Slot> slots) {
        if (slots.isEmpty()) {
            return;
        }
        var tenants = draft.snapshot().tenants(TaskTables.CLAIM);
        var left = read(TaskTables.CLAIM, tenants, slots, null, Integer.MAX_VALUE);
        left.forEach((tenant, rows) -> rows.forEach(row -> reconcile(tenant, row)));
        reconciled.addAll(slots);
    }

    private void reconcile(Tenant tenant, Row claim) {
        boolean own = claim.text("node").equals(node.name());
        boolean alive = false;
        for (var claimed : Claims.listed(claim)) {
            var run = node.running().get(new RunKey(tenant, claimed.task()));
            if (run != null && run.claim().equals(claim.text("id"))) {
                alive = true;
            } else if (!own) {
                crashed(tenant, claimed, claim.text("node"));
            }
        }
        if (!alive) {
            draft.remove(tenant, TaskTables.CLAIM, claim.key());
        }
    }

    private void crashed(Tenant tenant, Claimed claimed, String by) {
        draft.task(tenant, claimed.task())
                .filter(task -> task.state() == TaskState.READY && task.started() < claimed.start())
                .ifPresent(task -> {
                    moves.crashed(task, claimed.start(), by);
                    moved.add(new RunKey(tenant, claimed.task()));
                });
    }

    /// Ends what has run.
    void settle(List<Ended> all) {
        ahead.ending(all.stream().map(one -> one.run().task()).toList());
        for (var one : all) {
            settle(one);
        }
        node.claims()
                .closedBy(ended.stream().map(Ended::run).toList())
                .forEach(claim -> draft.remove(claim.tenant(), TaskTables.CLAIM, claim.row()));
    }

    private void settle(Ended one) {
        var run = one.run();
        var task = run.task();
        ended.add(one);
        moved.add(TaskEngine.key(run));
        if (node.reconciled().contains(run.slot()) || !isSettled(run)) {
            if (!SharedEffects.of(one).none()) {
                effective.add(one);
            }
            if (run.wasCancelled()) {
                moves.settleCancelled(task, run.start(), one.outcome());
            } else {
                moves.settle(task, run.start(), one.outcome());
            }
        }
        // An earlier start, of which nobody heard again, may have saved some.
        if (run.hasSavedProgress() || run.start() > 1) {
            draft.remove(task.tenant(), TaskTables.PROGRESS, TaskTables.PROGRESS.key(task.id()));
        }
    }

    /// Whether a commit of unknown fate has done it.
    private boolean isSettled(Run run) {
        return draft.task(run.task().tenant(), run.task().id())
                .filter(task -> task.state() == TaskState.READY && task.started() < run.start())
                .isEmpty();
    }

    /// Takes in what has come up in these slots.
    void look(List<Slot> slots, Looks.Look look) {
        messages(look.messages(), slots);
        timers(look.timers(), slots);
        node.running().values().stream()
                .filter(run -> run.hasNewProgress() && !moved.contains(TaskEngine.key(run)))
                .forEach(this::save);
        claim(look.ready(), slots);
    }

    private void save(Run run) {
        run.savedProgress()
                .ifPresent(progress -> draft.put(
                        run.task().tenant(),
                        TaskTables.PROGRESS.row(Map.of(
                                "id", run.task().id(),
                                "done", progress.done(),
                                "total", progress.total(),
                                "at", moves.now()))));
    }

    private void messages(List<Tenant> tenants, List<Slot> slots) {
        var found = read(TaskTables.INBOX, tenants, slots, null, MESSAGES_AT_ONCE);
        ahead.messages(found);
        found.forEach((tenant, rows) -> {
            hungry |= rows.size() >= MESSAGES_AT_ONCE;
            for (var row : rows) {
                if (draft.appends().size() >= APPENDS_AT_ONCE) {
                    hungry = true;
                    return;
                }
                if (!isToWait(tenant, row)) {
                    draft.remove(tenant, TaskTables.INBOX, row.key());
                    message(tenant, row);
                }
            }
        });
    }

    /// Whether a message is left for a node that can do what it asks for. Doors take none for a type
    /// that they do not know either, so there are few.
    private boolean isToWait(Tenant tenant, Row row) {
        return InboxMessage.of(row.text("what")) == InboxMessage.FIRE
                && moves.firing().isToWait(tenant, row.text("task"));
    }

    private void message(Tenant tenant, Row row) {
        var context = new Context(tenant, row.text("actor"), row.text("correlation"));
        var by = "%s (%s)".formatted(context.actor(), context.correlation());
        var about = row.text("task");
        switch (InboxMessage.of(row.text("what"))) {
            case ARRIVE -> draft.task(tenant, about).ifPresent(moves::arrive);
            case CANCEL -> draft.task(tenant, about).ifPresent(task -> cancel(task, by));
            case REPLAY -> draft.task(tenant, about).ifPresent(task -> moves.replay(task, by));
            case DISCARD -> draft.task(tenant, about).ifPresent(task -> moves.discard(task, context, by));
            case SCHEDULE -> moves.firing().changed(tenant, about);
            case FIRE -> moves.firing().now(context, about, row.text("id"));
        }
    }

    /// One that has ended in this very cycle is not running any more.
    private void cancel(TaskRow task, String by) {
        var key = new RunKey(task.tenant(), task.id());
        var run = moved.contains(key) ? null : node.running().get(key);
        if (run == null) {
            moves.cancel(task, by);
            moved.add(key);
        } else {
            cancelled.add(run);
        }
    }

    private void timers(List<Tenant> tenants, List<Slot> slots) {
        var found = read(TaskTables.TIMER, tenants, slots, moves.now(), TIMERS_AT_ONCE);
        ahead.timers(found);
        found.forEach((tenant, rows) -> {
            hungry |= rows.size() >= TIMERS_AT_ONCE;
            rows.forEach(row -> moves.timer(tenant, row));
        });
        hungry |= !found.isEmpty();
    }

    /// Starts as many ready tasks as the lanes have room for, of all tenants alike.
    private void claim(List<Tenant> tenants, List<Slot> slots) {
        if (tenants.isEmpty() || slots.isEmpty()) {
            return;
        }
        var lanes = new Fairness(node.types(), node.running().values(), endedRuns(), node.turns());
        if (lanes.withRoom().isEmpty()) {
            crowded = true;
            return;
        }
        var asked = asked(
                tenants,
                slots,
                slot -> lanes.withRoom().stream()
                        .map(Lane::name)
                        .filter(lane -> node.leaving().mayBegin(slot, lane))
                        .map(lane -> TaskTables.READY.key(lane, (long) slot.number())));
        int prefixes = asked.values().stream().mapToInt(Set::size).sum();
        int room = Math.min(lanes.roomMax(), CLAIMED_AT_ONCE) * lanes.withRoom().size();
        int most = mostRunning() + Math.ceilDiv(room, Math.max(1, prefixes)) + 1;
        read(TaskTables.READY, asked, null, most)
                .forEach((tenant, rows) -> rows.stream()
                        .filter(row -> isFree(tenant, row.text("id")))
                        .forEach(row -> lanes.offer(tenant, row)));
        var chosen = lanes.chosen(CLAIMED_AT_ONCE);
        start(chosen);
        hungry |= !chosen.isEmpty() && !lanes.withRoom().isEmpty();
        crowded = lanes.isLeft();
    }

    /// How many of those that are first in their slot are running already.
    private int mostRunning() {
        return node.running().values().stream()
                .collect(Collectors.groupingBy(
                        run -> List.of(run.task().tenant(), run.task().lane(), run.slot()), Collectors.counting()))
                .values()
                .stream()
                .mapToInt(Long::intValue)
                .max()
                .orElse(0);
    }

    private Set<Run> endedRuns() {
        return ended.stream().map(Ended::run).collect(Collectors.toSet());
    }

    /// What moved in this cycle stands elsewhere in the rows by now, and has its turn in the next one.
    private boolean isFree(Tenant tenant, String id) {
        var key = new RunKey(tenant, id);
        return !moved.contains(key) && !node.running().containsKey(key);
    }

    private void start(Map<Tenant, List<String>> chosen) {
        ahead.tasks(chosen);
        chosen.forEach((tenant, ids) -> {
            var tasks = ids.stream()
                    .flatMap(id -> draft.task(tenant, id).stream())
                    .filter(task -> task.state() == TaskState.READY)
                    .toList();
            node.log()
                    .rowSeals()
                    .prepare(
                            draft.snapshot(),
                            tenant,
                            tasks.stream().map(Cycle::whose).toList());
            var claim = node.ids().next().toString();
            var claimed = new LinkedHashMap<Claims.Key, List<Claimed>>();
            for (var task : tasks) {
                begin(task, claim).ifPresent(run -> {
                    started.add(run);
                    claimed.computeIfAbsent(Claims.key(run), key -> new ArrayList<>())
                            .add(new Claimed(task.id(), run.start()));
                });
            }
            claimed.forEach((key, list) -> {
                draft.put(tenant, Claims.row(key, node.name(), list));
                opened.put(key, list.stream().map(Claimed::task).collect(Collectors.toSet()));
            });
        });
    }

    private static RowSeals.SealedFor whose(TaskRow task) {
        return new RowSeals.SealedFor(
                task.row().text("subject"), UUID.fromString(task.row().text("key_id")));
    }

    private Optional<Run> begin(TaskRow task, String claim) {
        if (task.isAfterDeadline(moves.now())) {
            moves.die(task, "its deadline has passed");
            return Optional.empty();
        }
        var type = node.types().find(task.type());
        if (type.isEmpty()) {
            moves.postpone(
                    task, moves.jittered(WITHOUT_HANDLER), "node %s does not know its type".formatted(node.name()));
            return Optional.empty();
        }
        var guarded = node.replays().guarding(type.get(), task);
        if (isAway(guarded)) {
            moves.postpone(task, moves.jittered(Run.WHILE_OPEN), "its breaker is open");
            return Optional.empty();
        }
        Optional<byte[]> payload;
        try {
            payload = opened(task);
        } catch (SealBrokenException damaged) {
            moves.die(task, "its payload cannot be read: " + damaged.getMessage());
            return Optional.empty();
        }
        if (payload.isEmpty()) {
            moves.die(task, "its subject was forgotten, and its payload with it");
            return Optional.empty();
        }
        var slot = new Slot(partition(task.tenant()), task.slot());
        return Optional.of(new Run(
                guarded,
                type.get().breaker() == null && guarded.breaker() != null,
                task,
                ExactJson.mapper().readTree(payload.get()),
                slot,
                node.share().tenure(slot),
                claim,
                node.nanos().getAsLong(),
                Duration.ofNanos(Math.max(0, moves.now() - task.readyAt()) * 1000),
                node.ended()));
    }

    private Optional<byte[]> opened(TaskRow task) {
        return node.log()
                .rowSeals()
                .open(
                        draft.snapshot(),
                        task.tenant(),
                        whose(task),
                        task.id(),
                        task.row().bytes("payload"));
    }

    /// Whether the breaker lets nothing through now, or as many as are to show how it does are running already.
    private boolean isAway(TaskType type) {
        var breaker = type.breaker();
        return breaker != null
                && switch (breaker.state()) {
                    case CLOSED -> node.replays().isTrying(breaker, guardedBy(breaker));
                    case OPEN -> true;
                    case HALF_OPEN -> guardedBy(breaker) > 0;
                };
    }

    private long guardedBy(Breaker breaker) {
        return Stream.concat(node.running().values().stream(), started.stream())
                .filter(run -> run.isGuardedBy(breaker))
                .count();
    }

    private Map<Tenant, List<Row>> read(
            Table table, List<Tenant> tenants, List<Slot> slots, @Nullable Long upTo, int most) {
        return read(table, asked(tenants, slots, slot -> Stream.of(table.key((long) slot.number()))), upTo, most);
    }

    private Map<Tenant, List<Row>> read(Table table, Map<Tenant, Set<RowKey>> asked, @Nullable Long upTo, int most) {
        return asked.isEmpty() ? Map.of() : draft.snapshot().first(table, asked, upTo, most);
    }

    /// What is asked of each tenant, for those slots that are in its partition.
    private Map<Tenant, Set<RowKey>> asked(
            List<Tenant> tenants, List<Slot> slots, Function<Slot, Stream<RowKey>> prefixes) {
        var asked = new HashMap<Tenant, Set<RowKey>>();
        for (var tenant : tenants) {
            var each = slots.stream()
                    .filter(slot -> slot.partition() == partition(tenant))
                    .flatMap(prefixes)
                    .collect(Collectors.toSet());
            if (!each.isEmpty()) {
                asked.put(tenant, each);
            }
        }
        return asked;
    }
}
