package io.cairn.task;

import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.node.JsonNodeFactory;

/// What the log keeps of a dead letter that an operator gave up, once the task itself is removed.
///
/// Who and when is the event's own. The task's key is left out, and the payload is nobody's data: what a task was about
/// is forgotten with its subject, and that it was given up is not.
final class Discarded {
    static final EventType TYPE = new EventType("cairn.task.discarded");
    private static final String STREAM = "cairn-task";

    private Discarded() {}

    static StreamAppend of(TaskRow task, UUID id, Instant now) {
        var payload = JsonNodeFactory.instance
                .objectNode()
                .put("task", task.id())
                .put("type", task.type())
                .put("lane", task.lane())
                .put("attempts", task.count("attempts"))
                .put("crashes", task.count("crashes"))
                .put("replays", task.count("replays"))
                .put("reason", task.row().text("reason"));
        var event = new NewEvent(id, TYPE, 1, NewTask.NOBODY, payload, now, null);
        return new StreamAppend(new StreamId(STREAM, task.id()), Expected.any(), List.of(event));
    }
}
