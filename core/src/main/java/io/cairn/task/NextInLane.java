package io.cairn.task;

import io.cairn.event.ReadSnapshot;
import io.cairn.row.RowKey;
import io.cairn.tenant.Tenant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The tasks that come next in their lanes: of all that may be started and have not been, of any tenant.
final class NextInLane {
    private final ReadSnapshot snapshot;

    private record Waiting(Tenant tenant, String lane, String id, long place) {}

    NextInLane(ReadSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    /// When each of them became ready, in microseconds since 1970, by lane.
    Map<String, Long> readySince(Set<String> lanes) {
        var next = waiting(lanes)
                .collect(Collectors.toMap(
                        Waiting::lane, each -> each, (one, other) -> one.place() <= other.place() ? one : other));
        var keys = new HashMap<Tenant, Set<RowKey>>();
        next.values()
                .forEach(each -> keys.computeIfAbsent(each.tenant(), first -> new HashSet<>())
                        .add(TaskTables.TASK.key(each.id())));
        var since = new HashMap<String, Long>();
        if (!keys.isEmpty()) {
            snapshot.first(TaskTables.TASK, keys, null, 1)
                    .forEach((tenant, rows) -> rows.stream()
                            .map(row -> new TaskRow(tenant, row))
                            .forEach(task -> since.put(task.lane(), task.readyAt())));
        }
        return since;
    }

    /// Running tasks stay in the ready table, so the first waiting task comes after them.
    private Stream<Waiting> waiting(Set<String> lanes) {
        var tenants = snapshot.tenants(TaskTables.READY);
        if (lanes.isEmpty() || tenants.isEmpty()) {
            return Stream.of();
        }
        var claimed = claimed();
        int most = claimed.values().stream().mapToInt(Set::size).max().orElse(0) + 1;
        return snapshot.first(TaskTables.READY, ofEach(tenants, prefixes(lanes)), null, most).entrySet().stream()
                .flatMap(each -> each.getValue().stream()
                        .map(row -> new Waiting(each.getKey(), row.text("lane"), row.text("id"), row.number("place"))))
                .filter(task -> !claimed.getOrDefault(task.tenant(), Set.of()).contains(task.id()));
    }

    private Map<Tenant, Set<String>> claimed() {
        var claimed = new HashMap<Tenant, Set<String>>();
        var tenants = snapshot.tenants(TaskTables.CLAIM);
        if (!tenants.isEmpty()) {
            var slots = slots().map(TaskTables.CLAIM::key).collect(Collectors.toSet());
            snapshot.first(TaskTables.CLAIM, ofEach(tenants, slots), null, Integer.MAX_VALUE)
                    .forEach((tenant, rows) -> claimed.put(
                            tenant,
                            rows.stream()
                                    .flatMap(row -> Claims.listed(row).stream())
                                    .map(Claims.Claimed::task)
                                    .collect(Collectors.toSet())));
        }
        return claimed;
    }

    private static Set<RowKey> prefixes(Set<String> lanes) {
        return lanes.stream()
                .flatMap(lane -> slots().map(slot -> TaskTables.READY.key(lane, slot)))
                .collect(Collectors.toSet());
    }

    private static Stream<Long> slots() {
        return IntStream.range(0, Slots.COUNT).mapToObj(slot -> (long) slot);
    }

    private static Map<Tenant, Set<RowKey>> ofEach(List<Tenant> tenants, Set<RowKey> keys) {
        return tenants.stream().collect(Collectors.toMap(tenant -> tenant, tenant -> keys));
    }
}
