package io.cairn.task;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// The lanes of a node and the types of tasks that run in them.
public final class TaskTypes {
    private final SequencedMap<String, Lane> lanes = new LinkedHashMap<>();
    private final Map<String, TaskType> types = new LinkedHashMap<>();

    /// @throws IllegalArgumentException if two have the same name, or a type names a lane that is not there
    public TaskTypes(List<Lane> lanes, List<TaskType> types) {
        for (var lane : lanes) {
            if (this.lanes.put(lane.name(), lane) != null) {
                throw new IllegalArgumentException("There are two lanes '%s'".formatted(lane.name()));
            }
        }
        for (var type : types) {
            if (!this.lanes.containsKey(type.lane())) {
                throw new IllegalArgumentException(
                        "Tasks of type %s run in lane '%s', which is not configured; there are: %s"
                                .formatted(type.name(), type.lane(), String.join(", ", this.lanes.keySet())));
            }
            if (this.types.put(type.name(), type) != null) {
                throw new IllegalArgumentException("There are two types of tasks '%s'".formatted(type.name()));
            }
        }
    }

    public Optional<TaskType> find(String name) {
        return Optional.ofNullable(types.get(name));
    }

    /// @throws IllegalArgumentException if there is none of this name
    TaskType require(String name) {
        return find(name)
                .orElseThrow(() -> new IllegalArgumentException("There is no type of task '%s'; there are: %s"
                        .formatted(name, String.join(", ", types.keySet()))));
    }

    public Collection<TaskType> all() {
        return types.values();
    }

    public Optional<Lane> lane(String name) {
        return Optional.ofNullable(lanes.get(name));
    }

    public Collection<Lane> lanes() {
        return lanes.values();
    }
}
