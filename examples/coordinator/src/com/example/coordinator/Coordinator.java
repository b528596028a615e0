package com.example.coordinator;

import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.task.Execution;
import io.cairn.task.Outcome;
import io.cairn.task.RetryPolicy;
import io.cairn.task.TaskProvider;
import io.cairn.task.TaskType;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What agents ask for: turns of a conversation with a model, which follow each other within a session, and look-ups,
/// which wait for nobody.
public final class Coordinator implements TaskProvider {
    private final Model model;

    public Coordinator() {
        this(new SlowModel());
    }

    Coordinator(Model model) {
        this.model = model;
    }

    /// Turns run in the lane `model`, in which tasks of one key are done one at a time and in their order; the session is
    /// the key. Look-ups run side by side in `default`.
    @Override
    public List<TaskType> types() {
        // Nobody waits half a day for the answer to a turn.
        return List.of(
                TaskType.of("turn", "model", this::turn)
                        .retrying(RetryPolicy.defaults().attempts(10)),
                TaskType.of("look-up", "default", Coordinator::lookUp));
    }

    private Outcome turn(Execution run) throws Exception {
        var session = run.key().orElseThrow(() -> new IllegalArgumentException("A turn's key is its session"));
        var said = run.payload().path("said").asString();
        if (said.isBlank()) {
            return Outcome.dead("Nothing was said");
        }
        var answered = JsonNodeFactory.instance
                .objectNode()
                .put("said", said)
                .put("answer", model.answer(session, said));
        return Outcome.done(Outcome.Effects.append(event(run, "session", session, "turn.answered", answered)));
    }

    private static Outcome lookUp(Execution run) {
        var found = JsonNodeFactory.instance.objectNode();
        found.set("asked", run.payload());
        return Outcome.done(Outcome.Effects.append(
                event(run, "agent", run.payload().path("agent").asString("unknown"), "agent.looked-up", found)));
    }

    private static StreamAppend event(Execution run, String kind, String id, String type, ObjectNode payload) {
        var stream = new StreamId(kind, id);
        var event = new NewEvent(
                Ids.named(type, run.id().toString()),
                new EventType(type),
                1,
                stream.toString(),
                payload,
                Instant.now(),
                null);
        return new StreamAppend(stream, Expected.any(), List.of(event));
    }
}
