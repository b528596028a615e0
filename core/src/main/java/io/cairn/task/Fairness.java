package io.cairn.task;

import io.cairn.row.Row;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Predicate;

/// Which of the tasks that are ready are started next: of all tenants alike, and of one tenant in the order of their
/// places.
///
/// Whoever has the fewest tasks running in a lane is next there, and of several whose turn was longest ago, so one
/// tenant's hundred thousand tasks do not keep another's one waiting. Lanes take turns, too.
final class Fairness {
    private final Map<String, LaneLoad> lanes = new LinkedHashMap<>();
    private final Turns turns;

    /// When tenants were last chosen, counted in choices; kept from one step to the next.
    static final class Turns {
        private final Map<Place, Long> last = new HashMap<>();
        private long count;

        private record Place(String lane, Tenant tenant) {}

        private long of(Lane lane, Tenant tenant) {
            return last.getOrDefault(new Place(lane.name(), tenant), 0L);
        }

        private void note(Lane lane, Tenant tenant) {
            last.put(new Place(lane.name(), tenant), ++count);
        }

        /// Whoever has nothing to do loses no turn.
        private void keepOnly(Predicate<Place> there) {
            last.keySet().removeIf(there.negate());
        }
    }

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
    Fairness(TaskTypes types, Collection<Run> running, Set<Run> ended, Turns turns) {
        this.turns = turns;
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
        turns.keepOnly(place -> Optional.ofNullable(lanes.get(place.lane()))
                .filter(load -> load.tenants.containsKey(place.tenant()))
                .isPresent());
        var waiting = new LinkedHashMap<LaneLoad, PriorityQueue<Load>>();
        lanes.values().forEach(lane -> waiting.put(lane, waiting(lane)));
        var chosen = new LinkedHashMap<Tenant, List<String>>();
        int left = most;
        int before = -1;
        while (left > 0 && left != before) {
            before = left;
            for (var lane : waiting.entrySet()) {
                if (left > 0 && lane.getKey().room() > 0 && !lane.getValue().isEmpty()) {
                    choose(lane.getKey(), lane.getValue(), chosen);
                    left--;
                }
            }
        }
        return chosen;
    }

    private PriorityQueue<Load> waiting(LaneLoad lane) {
        var waiting = new PriorityQueue<>(Comparator.comparingInt((Load load) -> load.running)
                .thenComparingLong(load -> turns.of(lane.lane, load.tenant))
                .thenComparingLong(Load::place));
        for (var load : lane.tenants.values()) {
            load.ready.sort(Comparator.comparingLong(row -> row.number("place")));
            if (!load.ready.isEmpty()) {
                waiting.add(load);
            }
        }
        return waiting;
    }

    private void choose(LaneLoad lane, PriorityQueue<Load> waiting, Map<Tenant, List<String>> chosen) {
        var next = waiting.remove();
        chosen.computeIfAbsent(next.tenant, none -> new ArrayList<>())
                .add(next.ready.removeFirst().text("id"));
        turns.note(lane.lane, next.tenant);
        lane.began(next);
        if (!next.ready.isEmpty()) {
            waiting.add(next);
        }
    }

    /// Whether there may be more that could be started.
    boolean isLeft() {
        return lanes.values().stream()
                .anyMatch(lane ->
                        lane.room() == 0 || lane.tenants.values().stream().anyMatch(load -> !load.ready.isEmpty()));
    }
}
