package io.cairn.task;

import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.Reserved;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import java.util.List;

/// A task that appends an event when its time comes: a reminder, a timeout, something that happens every Sunday.
///
/// Its payload names the stream and the event: `{"stream": {"type": …, "id": …}, "event": {"type": …, "version": 1,
/// "payload": {…}}}`. The event is appended in the unit of work that ends the task, and so once.
public final class AppendTask {
    public static final String TYPE = "event.append";

    private AppendTask() {}

    public static TaskType type(String lane, Reserved reserved, Ids ids) {
        return TaskType.of(TYPE, lane, execution -> append(execution, reserved, ids));
    }

    private static Outcome append(Execution execution, Reserved reserved, Ids ids) {
        var payload = execution.payload();
        try {
            var stream = new StreamId(
                    payload.at("/stream/type").asString(),
                    payload.at("/stream/id").asString());
            var type = new EventType(payload.at("/event/type").asString());
            if (reserved.stream(stream.type()) || reserved.event(type)) {
                return Outcome.dead("Cairn's own streams and events are written through their own routes");
            }
            var event = new NewEvent(
                    Ids.named(
                            "task-event",
                            execution.context().tenant().id(),
                            execution.id().toString()),
                    type,
                    payload.at("/event/version").asInt(1),
                    stream.toString(),
                    payload.at("/event/payload"),
                    ids.now(),
                    null);
            return Outcome.done(Outcome.Effects.append(new StreamAppend(stream, Expected.any(), List.of(event))));
        } catch (IllegalArgumentException e) {
            return Outcome.dead(String.valueOf(e.getMessage()));
        }
    }
}
