package io.cairn.saga;

import io.cairn.event.Event;
import io.cairn.event.StreamAppend;
import io.cairn.event.Times;
import io.cairn.row.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A saga while it takes in one input: what it becomes, and what is to be done. Nothing of it has an effect before
/// it is committed.
final class Turn {
    private final SagaType type;
    private final SagaRow saga;
    private final SagaErrands errands;
    private final Instant now;
    private final ObjectNode timers;
    private final List<SagaErrands.Errand> toDo = new ArrayList<>();
    private final List<StreamAppend> appends = new ArrayList<>();
    private JsonNode state;
    private Actions actions;
    private SagaStatus status;
    private String step;
    private @Nullable String error;
    private long retries;

    Turn(SagaType type, SagaRow saga, SagaErrands errands, Instant now) {
        this.type = type;
        this.saga = saga;
        this.errands = errands;
        this.now = now;
        this.timers = saga.timers().deepCopy();
        this.state = type.migrated(saga.state(), saga.stateVersion());
        this.actions = saga.actions();
        this.status = saga.status();
        this.step = saga.row().text("step");
        this.error = saga.row().textOrNull("error");
        this.retries = saga.row().number("retries");
    }

    private boolean goesOn() {
        return status == SagaStatus.PENDING || status == SagaStatus.RUNNING;
    }

    void happened(Event event) {
        if (goesOn()) {
            decide(new Input.Happened(event));
        }
    }

    void done(int number, JsonNode result, long failures) {
        var entry = actions.find(number).orElseThrow();
        boolean awaited = entry.state() == Actions.State.OPEN;
        if (awaited || entry.state() == Actions.State.UNKNOWN) {
            ended(number, each -> each.done(result), failures);
        }
        if (awaited && goesOn()) {
            decide(new Input.Done(entry.action(), result));
        }
    }

    /// @param certain whether it did not happen, and never will
    void failed(int number, String reason, boolean certain, long failures) {
        var entry = actions.find(number).orElseThrow();
        boolean awaited = entry.state() == Actions.State.OPEN;
        if (awaited || certain && entry.state() == Actions.State.UNKNOWN) {
            var then = certain ? Actions.State.FAILED : Actions.State.UNKNOWN;
            ended(number, each -> each.in(then), failures);
        }
        if (awaited && goesOn()) {
            decide(new Input.Failed(entry.action(), reason));
        }
    }

    private void ended(int number, UnaryOperator<Actions.Entry> how, long failures) {
        actions = actions.with(number, how);
        retries += failures;
        step = goesOn() && !actions.anyOpen() ? "" : step;
    }

    void timedOut(String timer, long set) {
        if (goesOn() && timers.path(timer).asLong(-1) == set) {
            timers.remove(timer);
            decide(new Input.TimedOut(timer));
        }
    }

    void undone(int number, long failures) {
        actions = actions.with(number, entry -> entry.in(Actions.State.UNDONE));
        retries += failures;
        if (status == SagaStatus.COMPENSATING) {
            undoNext();
        }
    }

    private void decide(Input input) {
        status = SagaStatus.RUNNING;
        var at = new SagaType.At(UUID.fromString(saga.id()), saga.row().text("correlation"), state);
        var next = type.react(at, input);
        state = next.state();
        next.effects().forEach(this::carryOut);
        if (status == SagaStatus.COMPENSATING) {
            undoNext();
        }
    }

    private void carryOut(Next.Effect effect) {
        if (!goesOn()) {
            throw new IllegalStateException(
                    "Saga %s does something after it has ended: %s".formatted(type.name(), effect));
        }
        switch (effect) {
            case Next.Effect.Act(var action, var payload) -> act(type.action(action), payload);
            case Next.Effect.Set(var timer, var time) -> {
                timers.put(timer, saga.revision());
                toDo.add(errands.timer(saga, timer, saga.revision(), now.plus(time)));
            }
            case Next.Effect.Clear(var timer) -> timers.remove(timer);
            case Next.Effect.Append(var events) -> appends.add(events);
            case Next.Effect.Complete() -> complete();
            case Next.Effect.GiveUp(var reason) -> {
                status = SagaStatus.COMPENSATING;
                error = reason;
            }
        }
    }

    /// What undoes the action is known before the action is under way, since both commit together.
    private void act(SagaAction action, JsonNode payload) {
        var entry = actions.started(action.name(), payload);
        actions = actions.and(entry);
        step = action.name();
        toDo.add(errands.action(saga, type, entry));
        toDo.add(errands.expiry(saga, entry.number(), now.plus(action.within())));
    }

    private void complete() {
        if (actions.anyOpen()) {
            throw new IllegalStateException(
                    "Saga %s is completed while actions are under way: %s".formatted(type.name(), actions.entries()));
        }
        status = SagaStatus.COMPLETED;
        step = "";
    }

    private void undoNext() {
        while (true) {
            var next = actions.lastToUndo();
            if (next.isEmpty()) {
                status = SagaStatus.FAILED;
                step = "";
                return;
            }
            var entry = next.get();
            if (type.action(entry.action()).undo() != null) {
                step = "undo " + entry.action();
                toDo.add(errands.undo(saga, type, entry));
                return;
            }
            actions = actions.with(entry.number(), each -> each.in(Actions.State.UNDONE));
        }
    }

    List<SagaErrands.Errand> errands(Duration keepEnded) {
        return status.isEnd()
                ? Stream.concat(toDo.stream(), Stream.of(errands.sweep(saga, now.plus(keepEnded))))
                        .toList()
                : List.copyOf(toDo);
    }

    List<StreamAppend> appends() {
        return List.copyOf(appends);
    }

    byte[] content() {
        return SagaRow.content(state, actions, timers, saga.life());
    }

    /// The row, but for the state, which is still to be sealed.
    Row row(UUID keyId, byte[] sealed) {
        var cells = new HashMap<String, Object>();
        cells.put("status", status.text());
        cells.put("step", step);
        cells.put("retries", retries);
        cells.put("state_version", (long) type.version());
        cells.put("key_id", keyId.toString());
        cells.put("state", sealed);
        if (error != null) {
            cells.put("error", error);
        }
        if (status.isEnd()) {
            cells.put("completed_at", Times.micros(now));
        }
        return saga.with(cells, now);
    }
}
