package io.cairn.server.wiring;

import io.cairn.task.TaskType;
import java.util.List;

/// The types of tasks that webhooks need, both ways.
record BusTasks(List<TaskType> types) {
    BusTasks {
        types = List.copyOf(types);
    }
}
