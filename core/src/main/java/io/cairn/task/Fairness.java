package io.cairn.task;

import io.cairn.row.Row;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;

/// Which of the tasks that are ready are started next: of all tenants alike, and of one tenant in the order of their
/// places.
///
/// Whoever has the fewest tasks running in a lane is next there, so one tenant's hundred thousand tasks do not keep
/// another's one waiting.
final class Fairness {
    private final Map<String, LaneLoad> lanes = new LinkedHashMap<>();

    /// What of a tenant runs in a lane, and what could.
    private static final class Load {
        final Tenant tenant;
        final List<Row> ready = new ArrayList<>();
        int running;

        Load(Tenant tenant) {
            this.tenant = tenant;
        }

        long place() {
            return ready.getFirst().number("place");
        }
    }

    private static final class LaneLoad {
        final Lane lane;
        final Map<Tenant, Load> tenants = new LinkedHashMap<>();
        int active;

        LaneLoad(Lane lane) {
            this.lane = lane;
        }

        int room() {
            return Math.max(0, lane.bound() - active);
        }

        Load of(Tenant tenant) {
            return tenants.computeIfAbsent(tenant, Load::new);
        }

        void began(Load load) {
            load.running++;
            active++;
        }
    }

    /// @param ended of those that run, those that have ended
    Fairness(TaskTypes types, Collection<Run> running, Set<Run> ended) {
        types.lanes().forEach(lane -> lanes.put(lane.name(), new LaneLoad(lane)));
        for (var run : running) {
            var load = lanes.get(run.task().lane());
            if (load != null && !ended.contains(run)) {
                load.began(load.of(run.task().tenant()));
            }
        }
    }

    List<Lane> withRoom() {
        return lanes.values().stream()
                .filter(load -> load.room() > 0)
                .map(load -> load.lane)
                .toList();
    }

    /// The most that any lane has room for.
    int roomMax() {
        return lanes.values().stream().mapToInt(LaneLoad::room).max().orElse(0);
    }

    void offer(Tenant tenant, Row ready) {
        var load = lanes.get(ready.text("lane"));
        if (load != null) {
            load.of(tenant).ready.add(ready);
        }
    }

    /// @param most of all lanes together
    Map<Tenant, List<String>> chosen(int most) {
        var chosen = new LinkedHashMap<Tenant, List<String>>();
        int left = most;
        for (var lane : lanes.values()) {
            var waiting = new PriorityQueue<>(
                    Comparator.comparingInt((Load load) -> load.running).thenComparingLong(Load::place));
            for (var load : lane.tenants.values()) {
                load.ready.sort(Comparator.comparingLong(row -> row.number("place")));
                if (!load.ready.isEmpty()) {
                    waiting.add(load);
                }
            }
            while (left > 0 && lane.room() > 0 && !waiting.isEmpty()) {
                var next = waiting.remove();
                chosen.computeIfAbsent(next.tenant, none -> new ArrayList<>())
                        .add(next.ready.removeFirst().text("id"));
                lane.began(next);
                left--;
                if (!next.ready.isEmpty()) {
                    waiting.add(next);
                }
            }
        }
        return chosen;
    }

    /// Whether there may be more that could be started.
    boolean isLeft() {
        return lanes.values().stream()
                .anyMatch(lane ->
                        lane.room() == 0 || lane.tenants.values().stream().anyMatch(load -> !load.ready.isEmpty()));
    }
}
