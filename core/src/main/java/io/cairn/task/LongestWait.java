package io.cairn.task;

import io.cairn.event.EventLog;
import io.cairn.event.ReadSnapshot;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Since when tasks have been waiting in each lane, of all tenants: the one that is to be started next, those
/// behind the head of their key, those that have come and were not looked at, and those whose time has come
/// unnoticed.
///
/// The last two are seen where nobody looks after a slot; the oldest of a slot tell enough.
final class LongestWait {
    private static final int OF_SLOT = 10;
    private static final int OLDEST = 100;

    private final EventLog log;
    private final ReadSnapshot snapshot;
    private final long now;

    /// @param order of rows of one kind in one partition
    private record Waiting(Tenant tenant, String task, String lane, long order) {}

    private record Place(int partition, String lane) {}

    /// @param now microseconds since 1970
    private LongestWait(EventLog log, ReadSnapshot snapshot, long now) {
        this.log = log;
        this.snapshot = snapshot;
        this.now = now;
    }

    /// In microseconds since 1970, by lane. Its two questions are an operation each: together they send
    /// more statements than one should.
    ///
    /// @param ready lanes that have tasks which are ready
    /// @param now microseconds since 1970
    static Map<String, Long> since(EventLog log, Set<String> ready, long now) {
        var since = new HashMap<>(
                asked(log, "finding the next tasks of lanes", snapshot -> new NextInLane(snapshot).readySince(ready)));
        asked(log, "finding the tasks that wait unnoticed", snapshot -> new LongestWait(log, snapshot, now).unnoticed())
                .forEach((lane, at) -> since.merge(lane, at, Math::min));
        return since;
    }

    private static Map<String, Long> asked(
            EventLog log, String what, Function<ReadSnapshot, Map<String, Long>> question) {
        return log.<Map<String, Long>, RuntimeException>operation(
                () -> what, 1, () -> log.feed().read(question));
    }

    private Map<String, Long> unnoticed() {
        var since = new HashMap<String, Long>();
        var tasks = Stream.of(queued(), arriving(), due())
                .flatMap(some -> some)
                .collect(Collectors.groupingBy(
                        Waiting::tenant,
                        Collectors.mapping(each -> TaskTables.TASK.key(each.task()), Collectors.toSet())));
        if (!tasks.isEmpty()) {
            snapshot.first(TaskTables.TASK, tasks, null, 1)
                    .forEach((tenant, rows) -> rows.forEach(row -> note(since, new TaskRow(tenant, row))));
        }
        return since;
    }

    private static void note(Map<String, Long> since, TaskRow task) {
        switch (task.state()) {
            case WAITING -> since.merge(task.lane(), task.count("created_at"), Math::min);
            case LATER -> since.merge(task.lane(), task.place(), Math::min);
            case READY, RUNNING, DONE, CANCELLED, DEAD, DISCARDED -> {}
        }
    }

    /// Of each lane and partition the one that was enqueued first, which has the least number.
    private Stream<Waiting> queued() {
        var first = new HashMap<Place, Waiting>();
        var earlier = BinaryOperator.minBy(Comparator.comparingLong(Waiting::order));
        snapshot.least(TaskTables.QUEUE, "seq")
                .forEach((tenant, rows) -> rows.stream()
                        .map(row -> new Waiting(tenant, row.text("id"), row.text("lane"), row.number("seq")))
                        .forEach(each -> first.merge(new Place(log.partition(tenant), each.lane()), each, earlier)));
        return first.values().stream();
    }

    private Stream<Waiting> arriving() {
        return oldest(TaskTables.INBOX, null, InboxMessage.ARRIVE.text(), "task", "seq");
    }

    private Stream<Waiting> due() {
        return oldest(TaskTables.TIMER, now, Timer.READY.text(), "tasks", "at");
    }

    private Stream<Waiting> oldest(Table table, @Nullable Long upTo, String what, String task, String order) {
        var tenants = snapshot.tenants(table);
        if (tenants.isEmpty()) {
            return Stream.of();
        }
        Set<RowKey> slots = IntStream.range(0, Slots.COUNT)
                .mapToObj(slot -> table.key((long) slot))
                .collect(Collectors.toSet());
        return snapshot
                .first(table, tenants.stream().collect(Collectors.toMap(each -> each, each -> slots)), upTo, OF_SLOT)
                .entrySet()
                .stream()
                .flatMap(each -> each.getValue().stream()
                        .filter(row -> row.text("what").equals(what))
                        .map(row -> waiting(each.getKey(), row, task, order)))
                .sorted(Comparator.comparingLong(Waiting::order))
                .limit(OLDEST);
    }

    private static Waiting waiting(Tenant tenant, Row row, String task, String order) {
        return new Waiting(tenant, row.text(task), "", row.number(order));
    }
}
