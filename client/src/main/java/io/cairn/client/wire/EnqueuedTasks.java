package io.cairn.client.wire;

import java.util.List;

/// The answer to `POST /v1/tasks`, in the order of the tasks that were sent.
public record EnqueuedTasks(List<EnqueuedTask> tasks) {
    public EnqueuedTasks {
        tasks = Copy.of(tasks);
    }
}
