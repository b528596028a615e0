package io.cairn.saga;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.StreamVersion;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.task.Execution;
import io.cairn.task.Lane;
import io.cairn.task.NewTask;
import io.cairn.task.Outcome;
import io.cairn.task.RetryPolicy;
import io.cairn.task.TaskType;
import io.cairn.task.Tasks;
import io.cairn.tenant.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is done for sagas, as tasks.
///
/// Whatever a saga reacts to is a task in a lane that is sequential by saga, so one input after another is taken in.
/// The saga's row, the events and the tasks that follow from an input commit with that task's end, under its fence.
/// Actions and compensations are tasks of their own, which end with the enqueueing of the next step. A task that comes
/// when its saga is no more is done.
public final class SagaTasks {
    /// The lane in which sagas take their steps.
    public static final String LANE = "sagas";

    /// How long a saga that has ended is kept, if nothing else is said.
    public static final Duration KEPT = Duration.ofDays(7);

    private static final Duration WAIT = Duration.ofSeconds(1);

    private final Supplier<EventLog> log;
    private final Supplier<Tasks> tasks;
    private final SagaTypes types;
    private final Ids ids;
    private final String actionLane;
    private final Duration keepEnded;
    private final SagaErrands errands = new SagaErrands();

    /// @param actionLane the parallel lane in which actions, compensations and timers run
    /// @param keepEnded how long a saga that has ended is kept to be looked at
    public SagaTasks(
            Supplier<EventLog> log,
            Supplier<Tasks> tasks,
            SagaTypes types,
            Ids ids,
            String actionLane,
            Duration keepEnded) {
        this.log = log;
        this.tasks = tasks;
        this.types = types;
        this.ids = ids;
        this.actionLane = actionLane;
        this.keepEnded = keepEnded;
    }

    public static Lane lane(int bound) {
        return new Lane(LANE, Lane.Order.SEQUENTIAL_HOLD, bound);
    }

    public List<TaskType> taskTypes() {
        var all = new ArrayList<TaskType>();
        all.add(TaskType.of(SagaErrands.STEP, LANE, this::step));
        all.add(TaskType.of(SagaErrands.TIMER, actionLane, this::timer));
        all.add(TaskType.of(SagaErrands.SWEEP, actionLane, this::sweep));
        for (var type : types.all()) {
            type.actions().values().forEach(action -> {
                all.add(TaskType.of(
                                SagaErrands.actionType(type.name(), action.name()), actionLane, run -> act(action, run))
                        .retrying(action.retry()));
                all.add(TaskType.of(
                                SagaErrands.undoType(type.name(), action.name()), actionLane, run -> undo(action, run))
                        .retrying(RetryPolicy.defaults()));
            });
        }
        return all;
    }

    private Optional<SagaRow> read(Execution run, String saga) {
        return log.get()
                .read(
                        run.context().tenant(),
                        view -> SagaRow.read(view, log.get().rowSeals(), saga));
    }

    /// The saga that the task is for.
    private Optional<SagaRow> read(Execution run) {
        return read(run, run.payload().path("saga").asString()).filter(saga -> SagaErrands.isFor(saga, run.payload()));
    }

    private Outcome step(Execution run) {
        var input = run.payload();
        var found = read(run, run.key().orElseThrow())
                .filter(saga -> !saga.status().isEnd())
                .filter(saga -> isEvent(input) || SagaErrands.isFor(saga, input));
        if (found.isEmpty()) {
            return Outcome.done();
        }
        var saga = found.get();
        var turn = new Turn(types.require(saga.row().text("type")), saga, errands, ids.now());
        take(turn, run);
        return Outcome.done(effects(run.context(), saga, turn));
    }

    private static boolean isEvent(JsonNode input) {
        return input.path("input").asString().equals("event");
    }

    private void take(Turn turn, Execution run) {
        var input = run.payload();
        int number = input.path("n").asInt();
        long failures = input.path("failures").asLong();
        switch (input.path("input").asString()) {
            case "event" -> turn.happened(event(run.context(), input));
            case "done" -> turn.done(number, input.path("result"), failures);
            case "failed" ->
                turn.failed(
                        number,
                        input.path("reason").asString(),
                        input.path("certain").asBoolean(),
                        failures);
            case "expired" -> turn.failed(number, "it was not done in time", false, 0);
            case "timer" ->
                turn.timedOut(input.path("timer").asString(), input.path("set").asLong());
            case "undone" -> turn.undone(number, failures);
            default -> throw new IllegalStateException("A saga takes no such input: " + input.path("input"));
        }
    }

    private Event event(Context context, JsonNode input) {
        var stream = new StreamId(
                input.path("stream_type").asString(), input.path("stream_id").asString());
        var place = new StreamVersion(stream, input.path("version").asLong());
        return log.get()
                .read(context.tenant(), view -> view.events(List.of(place)).getFirst());
    }

    private Outcome.Effects effects(Context context, SagaRow saga, Turn turn) {
        var subject = saga.row().text("subject");
        var sealed = log.get().rowSeals().seal(context.tenant(), subject, saga.id(), turn.content());
        var row = turn.row(sealed.keyId(), sealed.bytes());
        var rows = new ArrayList<RowChange>(sealed.rows());
        rows.add(new RowChange.Remove(
                SagaTables.LISTED, SagaTables.listed(saga.row()).key()));
        rows.add(new RowChange.Put(row));
        rows.add(new RowChange.Put(SagaTables.listed(row)));
        var enqueued = tasks.get()
                .enqueue(
                        context,
                        turn.errands(keepEnded).stream()
                                .map(SagaErrands.Errand::task)
                                .toList());
        rows.addAll(enqueued.rows());
        var asRead =
                new RowExpectation.Cell(SagaTables.SAGA, SagaTables.SAGA.key(saga.id()), "revision", saga.revision());
        return new Outcome.Effects(turn.appends(), List.of(asRead), rows);
    }

    private Outcome timer(Execution run) {
        var then = (ObjectNode) run.payload().path("then");
        return read(run)
                .filter(saga -> !saga.status().isEnd())
                .map(saga -> enqueueing(run, SagaErrands.over(saga, run.id().value(), then)))
                .orElse(Outcome.done());
    }

    /// Removes a saga that ended a while ago. Its content need not be readable any more.
    private Outcome sweep(Execution run) {
        var key = SagaTables.SAGA.key(run.payload().path("saga").asString());
        long started = run.payload().path("started").asLong();
        return log.get()
                .<Optional<Row>>read(run.context().tenant(), view -> view.row(SagaTables.SAGA, key))
                .filter(row -> row.number("started_at") == started)
                .map(SagaTasks::removed)
                .map(Outcome::done)
                .orElse(Outcome.done());
    }

    private static Outcome.Effects removed(Row saga) {
        var asRead = new RowExpectation.Cell(SagaTables.SAGA, saga.key(), "revision", saga.number("revision"));
        return new Outcome.Effects(
                List.of(),
                List.of(asRead),
                List.of(
                        new RowChange.Remove(SagaTables.SAGA, saga.key()),
                        new RowChange.Remove(
                                SagaTables.LISTED, SagaTables.listed(saga).key())));
    }

    private Outcome enqueueing(Execution run, NewTask step) {
        var enqueued = tasks.get().enqueue(run.context(), step);
        return Outcome.done(new Outcome.Effects(List.<StreamAppend>of(), enqueued.expectations(), enqueued.rows()));
    }

    private Outcome act(SagaAction action, Execution run) throws Exception {
        var known = read(run);
        if (known.isEmpty()) {
            return Outcome.done();
        }
        var saga = known.get();
        var found = entry(saga, run);
        if (found.state() != Actions.State.OPEN || saga.status() != SagaStatus.RUNNING) {
            return Outcome.done();
        }
        boolean last = run.failures() + 1 >= action.attemptsMax();
        SagaAction.Reply reply;
        try {
            reply = action.acting().act(call(run, saga, found));
        } catch (Exception e) {
            if (!last || run.isCancelled()) {
                throw e;
            }
            reply = SagaAction.Reply.retry(String.valueOf(e.getMessage()));
        }
        long failures = run.failures();
        int number = found.number();
        return switch (reply) {
            case SagaAction.Reply.Done(var result) -> enqueueing(run, SagaErrands.done(saga, number, result, failures));
            case SagaAction.Reply.Failed(var reason) ->
                // What an earlier attempt has done nobody knows.
                enqueueing(run, SagaErrands.failed(saga, number, reason, run.start() == 1, failures));
            case SagaAction.Reply.Retry(var reason, var after) ->
                last
                        ? enqueueing(run, SagaErrands.failed(saga, number, reason, false, failures + 1))
                        : new Outcome.Retry(reason, after);
        };
    }

    private static Actions.Entry entry(SagaRow saga, Execution run) {
        return saga.actions().find(run.payload().path("n").asInt()).orElseThrow();
    }

    private static SagaAction.Call call(Execution run, SagaRow saga, Actions.Entry entry) {
        return new SagaAction.Call(
                SagaErrands.key(saga, entry.number()), run.context(), entry.payload(), entry.result());
    }

    /// Finds out whether an action has happened, where that is not known, and undoes it.
    private Outcome undo(SagaAction action, Execution run) throws Exception {
        var known = read(run);
        if (known.isEmpty()) {
            return Outcome.done();
        }
        var saga = known.get();
        var found = entry(saga, run);
        if (found.state() == Actions.State.UNDONE) {
            return Outcome.done();
        }
        if (!found.mayHaveHappened()) {
            // Its answer came while it was about to be undone: it has not happened, and the saga waits to hear so.
            return enqueueing(run, SagaErrands.undone(saga, found.number(), run.failures()));
        }
        var call = call(run, saga, found);
        if (found.state() != Actions.State.DONE) {
            if (isUnderWay(run, saga, found)) {
                return Outcome.snooze(WAIT, "its action is still under way");
            }
            switch (action.probe() == null
                    ? SagaAction.Probed.happened()
                    : action.probe().probe(call)) {
                case SagaAction.Probed.Happened happened -> {}
                case SagaAction.Probed.DidNot didNot -> {
                    return enqueueing(run, SagaErrands.undone(saga, found.number(), run.failures()));
                }
                case SagaAction.Probed.Unclear(var reason) -> {
                    return Outcome.retry(reason);
                }
            }
        }
        var undoing = action.undo();
        if (undoing != null) {
            undoing.undo(call);
        }
        return enqueueing(run, SagaErrands.undone(saga, found.number(), run.failures()));
    }

    /// Whether an attempt may still run; then it is asked to end.
    private boolean isUnderWay(Execution run, SagaRow saga, Actions.Entry entry) {
        var id = SagaErrands.actionTask(saga, entry.number());
        boolean underWay = tasks.get()
                .find(run.context().tenant(), id)
                .filter(task -> !task.state().isEnd())
                .isPresent();
        if (underWay) {
            tasks.get().cancel(run.context(), id);
        }
        return underWay;
    }
}
