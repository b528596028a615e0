package io.cairn.task;

import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.tenant.Tenant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads together, before a cycle decides, the rows for which its moves are going to ask one by one.
///
/// It only saves statements: what it leaves out is read when it is asked for.
final class ReadAhead {
    private final Draft draft;

    ReadAhead(Draft draft) {
        this.draft = draft;
    }

    /// The tasks that messages are about; of those that arrive in their keys, too, whether they stand in the queue, and
    /// who leads it.
    void messages(Map<Tenant, List<Row>> messages) {
        tasks(messages, row -> Stream.of(row.text("task")));
        var arriving = messages.entrySet().stream()
                .flatMap(each -> each.getValue().stream()
                        .filter(row -> InboxMessage.of(row.text("what")) == InboxMessage.ARRIVE)
                        .flatMap(row -> draft.task(each.getKey(), row.text("task")).stream()))
                .filter(task -> task.key().isPresent())
                .toList();
        draft.prefetch(TaskTables.QUEUE, byTenant(arriving, Moves::queued));
        draft.prefetch(TaskTables.KEY, byTenant(arriving, Moves::keyed));
    }

    /// The tasks that timers are for.
    void timers(Map<Tenant, List<Row>> timers) {
        tasks(timers, row -> Arrays.stream(row.text("tasks").split(" ")));
    }

    /// Of tasks that end: who leads their key, and who comes next.
    void ending(List<TaskRow> ending) {
        var keyed = ending.stream().filter(task -> task.key().isPresent()).toList();
        draft.prefetch(TaskTables.KEY, byTenant(keyed, Moves::keyed));
        tasks(draft.prefetchFirsts(TaskTables.QUEUE, byTenant(keyed, Moves::keyed)), row -> Stream.of(row.text("id")));
    }

    void tasks(Map<Tenant, ? extends Collection<String>> ids) {
        var keys = new HashMap<Tenant, Set<RowKey>>();
        ids.forEach((tenant, each) ->
                keys.put(tenant, each.stream().map(TaskTables.TASK::key).collect(Collectors.toSet())));
        draft.prefetch(TaskTables.TASK, keys);
    }

    private void tasks(Map<Tenant, List<Row>> found, Function<Row, Stream<String>> ids) {
        var named = new HashMap<Tenant, Set<String>>();
        found.forEach(
                (tenant, rows) -> named.put(tenant, rows.stream().flatMap(ids).collect(Collectors.toSet())));
        tasks(named);
    }

    private static Map<Tenant, Set<RowKey>> byTenant(List<TaskRow> tasks, Function<TaskRow, RowKey> key) {
        return tasks.stream()
                .collect(Collectors.groupingBy(TaskRow::tenant, Collectors.mapping(key, Collectors.toSet())));
    }
}
