package io.cairn.testkit;

import io.cairn.bus.EventHandler;
import io.cairn.bus.Interest;
import io.cairn.event.Appended;
import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.Ids;
import io.cairn.event.NewEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.feature.Feature;
import io.cairn.follow.Parked;
import io.cairn.follow.Reaction;
import io.cairn.knowledge.Documents;
import io.cairn.memory.Conversations;
import io.cairn.projection.RowProjection;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.saga.SagaType;
import io.cairn.saga.Sagas;
import io.cairn.task.DeadLetters;
import io.cairn.task.Lane;
import io.cairn.task.NewTask;
import io.cairn.task.Schedules;
import io.cairn.task.Task;
import io.cairn.task.TaskId;
import io.cairn.task.TaskType;
import io.cairn.task.Tasks;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A whole Cairn in memory: the log, conversations and documents, and the projections, reactions, tasks and sagas under
/// test, with a clock that the test sets.
///
/// It has no threads. What is appended is durable at once, as far as memory is; all that follows from it happens when
/// the test [lets it][#runUntilIdle()], up to what waits for a later time. The process dies when the test [says
/// so][#crash()] or a handler [does][Crash]; what comes up again has what was durable, and nothing else.
///
/// ```java
/// try (var cairn = InMemoryCairn.with(new OrdersByDay())) {
///     cairn.event("order/17", "order.placed", """
///             {"day": "2026-11-25", "cents": 990}""");
///     assertThat(cairn.rows(OrdersByDay.TABLE).getFirst().number("cents")).isEqualTo(990);
/// }
/// ```
public final class InMemoryCairn implements AutoCloseable {
    /// The default tenant, on whose behalf a test acts unless it says otherwise.
    public static final Context CONTEXT = new Context(Tenant.DEFAULT, "test", "test");

    /// So many steps without an end are no work but a circle.
    private static final int STEPS_MAX = 10_000;

    private final SettableClock clock;
    private final InMemoryProcess.Durable durable;
    private final Builder parts;
    private final List<Failure> failures = new ArrayList<>();
    private final List<Subscriber> subscribers = new ArrayList<>();
    private InMemoryProcess process;
    private int crashes;

    /// A handler on the bus that failed at an event.
    public record Failure(String handler, Event event, Exception why) {}

    private static final class Subscriber {
        private final String name;
        private final Interest interest;
        private final EventHandler handler;
        private int told;

        private Subscriber(String name, Interest interest, EventHandler handler, int told) {
            this.name = name;
            this.interest = interest;
            this.handler = handler;
            this.told = told;
        }
    }

    private InMemoryCairn(Builder parts) {
        this.parts = parts;
        this.clock = SettableClock.at(InMemoryProcess.BEGINNING);
        this.durable = InMemoryProcess.Durable.of(parts, clock);
        this.process = new InMemoryProcess(durable, parts, "test-0");
    }

    /// A Cairn whose log is empty, with the projections under test, if any.
    public static InMemoryCairn with(RowProjection... projections) {
        return builder().projections(projections).open();
    }

    /// A Cairn with more than projections under test.
    public static Builder builder() {
        return new Builder();
    }

    /// What is tried.
    public static final class Builder {
        final List<RowProjection> projections = new ArrayList<>();
        final List<Reaction> reactions = new ArrayList<>();
        final List<Feature> features = new ArrayList<>();
        final List<Lane> lanes = new ArrayList<>();
        final List<TaskType> tasks = new ArrayList<>();
        final List<SagaType> sagas = new ArrayList<>();

        private Builder() {}

        public Builder projections(RowProjection... some) {
            projections.addAll(List.of(some));
            return this;
        }

        public Builder reactions(Reaction... some) {
            reactions.addAll(List.of(some));
            return this;
        }

        /// What brings tables of its own, such as those that a reaction writes.
        public Builder features(Feature... some) {
            features.addAll(List.of(some));
            return this;
        }

        /// Lanes besides the parallel lane `default`.
        public Builder lanes(Lane... some) {
            lanes.addAll(List.of(some));
            return this;
        }

        public Builder tasks(TaskType... some) {
            tasks.addAll(List.of(some));
            return this;
        }

        public Builder sagas(SagaType... some) {
            sagas.addAll(List.of(some));
            return this;
        }

        public InMemoryCairn open() {
            return new InMemoryCairn(this);
        }
    }

    public SettableClock clock() {
        return clock;
    }

    public EventLog log() {
        return process.log();
    }

    public Ids ids() {
        return durable.ids();
    }

    public Conversations conversations() {
        return process.conversations();
    }

    public Documents documents() {
        return process.documents();
    }

    public Tasks tasks() {
        return process.tasks();
    }

    public DeadLetters deadLetters() {
        return process.deadLetters();
    }

    public Schedules schedules() {
        return process.schedules();
    }

    public Sagas sagas() {
        return process.sagas();
    }

    /// Appends an event of the default tenant, now.
    ///
    /// @param stream as `type/id`
    /// @param json the payload
    public InMemoryCairn event(String stream, String type, String json) {
        return event(stream, type, JsonMapper.shared().readTree(json));
    }

    /// @param stream as `type/id`
    public InMemoryCairn event(String stream, String type, JsonNode payload) {
        var event = new NewEvent(ids().next(), new EventType(type), 1, stream, payload, ids().now(), null);
        var append = new StreamAppend(streamId(stream), Expected.any(), List.of(event));
        var outcome = log().append(Unit.of(CONTEXT, append));
        if (!(outcome instanceof Appended.Written)) {
            throw new IllegalArgumentException("The event was not written: " + outcome);
        }
        return this;
    }

    private static StreamId streamId(String stream) {
        int slash = stream.indexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("A stream is named as type/id, not '%s'".formatted(stream));
        }
        return new StreamId(stream.substring(0, slash), stream.substring(slash + 1));
    }

    /// Enqueues a task of the default tenant.
    ///
    /// @param json the payload
    public TaskId enqueue(String type, String json) {
        var task = NewTask.of(ids().next(), type, JsonMapper.shared().readTree(json));
        return tasks().submit(CONTEXT, task).id();
    }

    /// A task of the default tenant as it stands.
    ///
    /// @throws java.util.NoSuchElementException if there is none
    public Task task(TaskId id) {
        return tasks().find(Tenant.DEFAULT, id).orElseThrow();
    }

    /// Lets a handler on the bus be told of what is appended from now on.
    public InMemoryCairn subscribe(String handler, Interest interest, EventHandler work) {
        subscribers.add(
                new Subscriber(handler, interest, work, captured(event -> true).size()));
        return this;
    }

    /// What handlers on the bus failed at.
    public List<Failure> failures() {
        return List.copyOf(failures);
    }

    /// What the bus would tell somebody with this interest, from the first event on.
    public List<Event> captured(Interest interest) {
        return process.events().stream().filter(interest::in).toList();
    }

    /// Lets everything that follows from what was appended and enqueued happen, up to what waits for a later time.
    ///
    /// @throws IllegalStateException if there is no end to it
    public InMemoryCairn runUntilIdle() {
        process.pass();
        int steps = 0;
        while (step()) {
            if (++steps > STEPS_MAX) {
                throw new IllegalStateException(
                        "There is still something to do after %d steps: does a handler ask for what it does?"
                                .formatted(STEPS_MAX));
            }
        }
        return this;
    }

    private boolean step() {
        try {
            return process.step() | tell();
        } catch (Crash died) {
            crash();
            return true;
        }
    }

    private boolean tell() {
        var events = process.events();
        boolean told = false;
        for (var subscriber : subscribers) {
            while (subscriber.told < events.size()) {
                tell(subscriber, events.get(subscriber.told++));
                told = true;
            }
        }
        return told;
    }

    private void tell(Subscriber subscriber, Event event) {
        if (!subscriber.interest.in(event)) {
            return;
        }
        try {
            subscriber.handler.handle(event);
        } catch (Exception e) {
            failures.add(new Failure(subscriber.name, event, e));
        }
    }

    /// Lets the process die and another one take its place: attempts that were under way have no outcome, and what was
    /// committed is there.
    public InMemoryCairn crash() {
        crashes++;
        process = new InMemoryProcess(durable, parts, "test-" + crashes);
        process.pass();
        return this;
    }

    /// How often the process has died.
    public int crashes() {
        return crashes;
    }

    /// The default tenant's rows in a table, in the order of their keys, once everything is taken in.
    public List<Row> rows(Table table) {
        runUntilIdle();
        return log().read(Tenant.DEFAULT, view -> view.rows(table, new RowKey(List.of()), null, Integer.MAX_VALUE));
    }

    /// The default tenant's streams that some projection could not take in, with the reason.
    public List<Parked> parked() {
        runUntilIdle();
        return process.parked(Tenant.DEFAULT);
    }

    /// Has the rows of every projection made anew, from the first event on.
    public InMemoryCairn rebuild() {
        process.rebuild();
        return this;
    }

    @Override
    public void close() {
        process.close();
    }
}
