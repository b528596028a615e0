package io.cairn.client.wire;

import java.util.List;

/// The body of `POST /v1/tasks`: tasks that are enqueued in one unit of work.
public record EnqueueTasks(List<NewTask> tasks) {
    public EnqueueTasks {
        tasks = Copy.of(tasks);
    }
}
