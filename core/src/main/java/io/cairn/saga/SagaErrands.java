package io.cairn.saga;

import io.cairn.event.Event;
import io.cairn.event.Ids;
import io.cairn.task.NewTask;
import io.cairn.task.TaskId;
import java.time.Instant;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The tasks of sagas: what they are given, and the ids by which each is there once.
final class SagaErrands {
    static final String STEP = "saga.step";
    static final String TIMER = "saga.timer";
    static final String SWEEP = "saga.sweep";

    /// A task that a turn enqueues.
    record Errand(NewTask task) {}

    static UUID saga(String type, String correlation) {
        return Ids.named("saga", type, correlation);
    }

    static String actionType(String saga, String action) {
        return "saga.%s.%s".formatted(saga, action);
    }

    static String undoType(String saga, String action) {
        return actionType(saga, action) + ".undo";
    }

    /// The key under which an action, its probe and its compensation are known outside.
    static String key(SagaRow saga, int number) {
        return Ids.named("saga-key", saga.name(), Integer.toString(number)).toString();
    }

    static TaskId actionTask(SagaRow saga, int number) {
        return new TaskId(Ids.named("saga-act", saga.name(), Integer.toString(number)));
    }

    private static ObjectNode json() {
        return JsonNodeFactory.instance.objectNode();
    }

    /// Whether a task was enqueued for this saga, and not for one that was there before it.
    static boolean isFor(SagaRow saga, JsonNode payload) {
        return payload.path("life").asString("").equals(saga.life());
    }

    /// A step is taken behind those before it, one at a time for each saga.
    private static NewTask step(String saga, String subject, ObjectNode input, String... name) {
        return NewTask.of(Ids.named(name), STEP, input).withKey(saga).about(subject);
    }

    static NewTask happened(String saga, Event event) {
        var input = json().put("input", "event")
                .put("stream_type", event.stream().type())
                .put("stream_id", event.stream().id())
                .put("version", event.version());
        return step(
                saga,
                event.subject(),
                input,
                "saga-step",
                saga,
                "event",
                event.id().toString());
    }

    static NewTask done(SagaRow saga, int number, JsonNode result, long failures) {
        var input = json().put("input", "done").put("n", number).put("failures", failures);
        input.set("result", result);
        return replied(saga, number, input);
    }

    static NewTask failed(SagaRow saga, int number, String reason, boolean certain, long failures) {
        return replied(
                saga,
                number,
                json().put("input", "failed")
                        .put("n", number)
                        .put("failures", failures)
                        .put("reason", reason)
                        .put("certain", certain));
    }

    private static NewTask replied(SagaRow saga, int number, ObjectNode input) {
        return step(saga, input, "act", Integer.toString(number));
    }

    private static NewTask step(SagaRow saga, ObjectNode input, String what, String which) {
        return step(saga.id(), saga.row().text("subject"), living(saga, input), "saga-step", saga.name(), what, which);
    }

    private static ObjectNode living(SagaRow saga, ObjectNode payload) {
        return saga.life().isEmpty() ? payload : payload.put("life", saga.life());
    }

    static NewTask undone(SagaRow saga, int number, long failures) {
        var input = json().put("input", "undone").put("n", number).put("failures", failures);
        return step(saga, input, "undo", Integer.toString(number));
    }

    /// What a timer that is over leads to.
    static NewTask over(SagaRow saga, UUID timer, ObjectNode input) {
        return step(saga, input, "timer", timer.toString());
    }

    Errand action(SagaRow saga, SagaType type, Actions.Entry entry) {
        return errand(saga, actionTask(saga, entry.number()).value(), actionType(type.name(), entry.action()), entry);
    }

    Errand undo(SagaRow saga, SagaType type, Actions.Entry entry) {
        var id = Ids.named("saga-undo", saga.name(), Integer.toString(entry.number()));
        return errand(saga, id, undoType(type.name(), entry.action()), entry);
    }

    private static Errand errand(SagaRow saga, UUID id, String type, Actions.Entry entry) {
        var payload = living(saga, json().put("saga", saga.id()).put("n", entry.number()));
        return new Errand(NewTask.of(id, type, payload).about(saga.row().text("subject")));
    }

    Errand expiry(SagaRow saga, int number, Instant at) {
        var input = json().put("input", "expired").put("n", number);
        return timer(saga, Ids.named("saga-expiry", saga.name(), Integer.toString(number)), input, at);
    }

    Errand timer(SagaRow saga, String name, long set, Instant at) {
        var input = json().put("input", "timer").put("timer", name).put("set", set);
        return timer(saga, Ids.named("saga-timer", saga.name(), name, Long.toString(set)), input, at);
    }

    private static Errand timer(SagaRow saga, UUID id, ObjectNode input, Instant at) {
        var payload = living(saga, json().put("saga", saga.id()));
        payload.set("then", input);
        return new Errand(
                NewTask.of(id, TIMER, payload).about(saga.row().text("subject")).dueAt(at));
    }

    /// What removes a saga that has ended, even if its subject is forgotten by then.
    Errand sweep(SagaRow saga, Instant at) {
        var payload = json().put("saga", saga.id()).put("started", saga.row().number("started_at"));
        return new Errand(
                NewTask.of(Ids.named("saga-sweep", saga.name()), SWEEP, payload).dueAt(at));
    }
}
