package io.cairn.task;

import java.util.List;

/// What a jar brings for tasks to be done: it names its implementation in `META-INF/services`.
public interface TaskProvider {
    List<TaskType> types();
}
