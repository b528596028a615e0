package io.cairn.task;

import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.tenant.Tenant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The claims of a process: which tasks it has started, in one row for all of a tenant's that were started together.
///
/// A claim is written before its tasks start. So if the process dies whoever comes next knows what it was doing, and
/// the tasks' own rows need not be touched until they end.
final class Claims {
    /// A task as a claim lists it.
    record Claimed(String task, long start) {
        static Claimed parsed(String text) {
            int colon = text.indexOf(':');
            return new Claimed(text.substring(0, colon), Long.parseLong(text.substring(colon + 1)));
        }

        @Override
        public String toString() {
            return task + ":" + start;
        }
    }

    record Key(Tenant tenant, int slot, String id) {
        RowKey row() {
            return TaskTables.CLAIM.key((long) slot, id);
        }
    }

    private final Map<Key, Set<String>> open = new HashMap<>();

    static List<Claimed> listed(Row claim) {
        return Arrays.stream(claim.text("tasks").split(" "))
                .map(Claimed::parsed)
                .toList();
    }

    static Row row(Key key, String node, List<Claimed> tasks) {
        return TaskTables.CLAIM.row(Map.of(
                "slot",
                (long) key.slot(),
                "id",
                key.id(),
                "node",
                node,
                "tasks",
                tasks.stream().map(Claimed::toString).collect(Collectors.joining(" "))));
    }

    void open(Key key, Set<String> tasks) {
        open.put(key, new HashSet<>(tasks));
    }

    /// Those claims of which nothing is left once these runs have ended.
    Set<Key> closedBy(List<Run> runs) {
        var ending = new LinkedHashMap<Key, Set<String>>();
        runs.forEach(run -> ending.computeIfAbsent(key(run), key -> new HashSet<>())
                .add(run.task().id()));
        return ending.entrySet().stream()
                .filter(entry -> entry.getValue().containsAll(open.getOrDefault(entry.getKey(), Set.of())))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    void ended(Collection<Run> runs) {
        runs.forEach(run -> open.computeIfPresent(key(run), (key, tasks) -> {
            tasks.remove(run.task().id());
            return tasks.isEmpty() ? null : tasks;
        }));
    }

    static Key key(Run run) {
        return new Key(run.task().tenant(), run.task().slot(), run.claim());
    }
}
