package io.cairn.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.ForwardingStorage;
import io.cairn.event.ForwardingTransaction;
import io.cairn.event.Head;
import io.cairn.event.LogPlace;
import io.cairn.event.LogStorage;
import io.cairn.event.StorageException;
import io.cairn.event.StorageOperation;
import io.cairn.event.WriteTransaction;
import io.cairn.feature.Features;
import io.cairn.guard.Breaker;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import tools.jackson.databind.node.JsonNodeFactory;

/// Nodes on one storage whose tasks do what the test has written down for them, in the test's own thread and time.
public abstract class TaskFixture {
    protected static final Context ACME = new Context(new Tenant("acme"), "tester", "corr-1");
    protected static final Context GLOBEX = new Context(new Tenant("globex"), "tester", "corr-2");
    protected static final String DO = "thing.do";
    protected static final String TURN = "session.turn";
    protected static final String ALONE = "session.alone";
    protected static final String GUARDED = "service.call";
    protected static final String PATIENT = "service.wait";
    protected static final String PASS = "delivery.send";
    protected static final String NARROW = "thing.one-by-one";
    protected static final String QUICK = "thing.quick";
    protected static final String CARELESS = "thing.careless";

    private final LogPlace place;
    protected final SettableClock clock = new SettableClock();
    private final List<TaskNode> nodes = new ArrayList<>();
    protected final List<String> done = new ArrayList<>();
    protected final Map<String, List<Outcome>> scripted = new HashMap<>();
    private final Breaker breaker = new Breaker(
            "service", StorageException.FAILURES, new Breaker.Settings(3, Duration.ofSeconds(60)), clock::nanos);
    private LogStorage storage;

    /// How often a task was begun.
    protected int asked;

    protected TaskNode node;
    protected Fault fault = Fault.NONE;

    protected TaskFixture(LogPlace place) {
        this.place = place;
    }

    @BeforeEach
    void open() {
        storage = place.create(Features.of(List.of(TaskEngine.feature())).tables());
        node = node("a");
    }

    @AfterEach
    void stop() {
        nodes.forEach(TaskNode::close);
    }

    private TaskTypes types() {
        var retry = RetryPolicy.defaults().attempts(3).waiting(Duration.ofSeconds(10), Duration.ofSeconds(100));
        return new TaskTypes(
                List.of(
                        Lane.parallel("parallel", 4),
                        Lane.parallel("narrow", 1),
                        Lane.sequential("sessions", 4),
                        Lane.sequential("single", 1),
                        new Lane("deliveries", Lane.Order.SEQUENTIAL_PASS, 4)),
                List.of(
                        TaskType.of(DO, "parallel", this::handle).retrying(retry),
                        TaskType.of(TURN, "sessions", this::handle).retrying(retry),
                        TaskType.of(ALONE, "single", this::handle).retrying(retry),
                        TaskType.of(PASS, "deliveries", this::handle).retrying(retry),
                        TaskType.of(GUARDED, "parallel", this::handle)
                                .guardedBy(breaker)
                                .retrying(retry.attempts(20)),
                        TaskType.of(NARROW, "narrow", this::handle).retrying(retry),
                        TaskType.of(QUICK, "parallel", this::handle)
                                .retrying(retry)
                                .within(Duration.ofSeconds(1)),
                        TaskType.of(CARELESS, "parallel", this::careless),
                        TaskType.of(PATIENT, "parallel", this::handle)
                                .retrying(retry.givingUpAfter(Duration.ofHours(24)))));
    }

    /// Says what no handler should say.
    @SuppressWarnings("NullAway")
    private Outcome careless(Execution execution) {
        return switch (execution.payload().path("name").asString()) {
            case "nothing" -> saysNothing();
            case "error" -> throw new AssertionError("of the handler");
            case "for ever" -> Outcome.retryAfter(Duration.ofSeconds(Long.MAX_VALUE), "busy");
            case "asleep" -> Outcome.snooze(Duration.ofSeconds(Long.MAX_VALUE), "asleep");
            case "in the past" -> Outcome.retryAfter(Duration.ofSeconds(-5), "busy");
            default -> Outcome.retry(new IllegalStateException().getMessage());
        };
    }

    @SuppressWarnings("NullAway")
    private static Outcome saysNothing() {
        return null;
    }

    private Outcome handle(Execution execution) {
        asked++;
        var name = execution.payload().path("name").asString();
        var script = scripted.getOrDefault(name, List.of());
        if (!script.isEmpty()) {
            scripted.put(name, script.subList(1, script.size()));
            return script.getFirst();
        }
        done.add(name);
        return Outcome.done();
    }

    /// The first node has the storage as it was made; each other one opens it again.
    protected final TaskNode node(String name) {
        return node(name, clock);
    }

    protected final TaskNode node(String name, SettableClock itsClock) {
        return node(name, itsClock, types());
    }

    /// A node of a program that has not got, or no longer has, some types and lanes.
    protected final TaskNode nodeWithout(String name, Set<String> missing) {
        var all = types();
        var lanes = all.lanes().stream()
                .filter(lane -> !missing.contains(lane.name()))
                .toList();
        var types = all.all().stream()
                .filter(type -> !missing.contains(type.name()) && !missing.contains(type.lane()))
                .toList();
        return node(name, clock, new TaskTypes(lanes, types));
    }

    private TaskNode node(String name, SettableClock itsClock, TaskTypes types) {
        var opened = nodes.isEmpty() ? storage : place.again(storage);
        var made = new TaskNode(name, new Faulty(opened, () -> fault), types, TaskSettings.defaults(), itsClock);
        nodes.add(made);
        return made;
    }

    /// What the store does to all nodes.
    protected enum Fault {
        NONE,
        /// It takes no commits.
        BEFORE_COMMIT,
        /// It commits, and the connection breaks before it says so.
        AFTER_COMMIT,
        /// It cannot be asked anything.
        AWAY
    }

    private record Faulty(LogStorage storage, Supplier<Fault> fault) implements ForwardingStorage {
        @Override
        public <T> T around(StorageOperation operation, Supplier<T> work) {
            if (fault.get() == Fault.AWAY) {
                throw failed(StorageException.Kind.BUSY);
            }
            return work.get();
        }

        @Override
        public WriteTransaction begun(WriteTransaction transaction) {
            return new FaultyCommit(transaction, fault);
        }

        static StorageException failed(StorageException.Kind kind) {
            return new StorageException(kind, "the connection broke", new IllegalStateException());
        }
    }

    private record FaultyCommit(WriteTransaction transaction, Supplier<Fault> fault) implements ForwardingTransaction {
        @Override
        public void commit(Head head) {
            if (fault.get() == Fault.BEFORE_COMMIT) {
                throw Faulty.failed(StorageException.Kind.BUSY);
            }
            transaction.commit(head);
            if (fault.get() == Fault.AFTER_COMMIT) {
                throw Faulty.failed(StorageException.Kind.UNKNOWN);
            }
        }
    }

    protected static NewTask task(String type, String name) {
        return NewTask.of(
                UUID.nameUUIDFromBytes(name.getBytes(UTF_8)),
                type,
                JsonNodeFactory.instance.objectNode().put("name", name));
    }

    protected TaskId submit(NewTask task) {
        return submit(ACME, task);
    }

    protected TaskId submit(Context context, NewTask task) {
        return node.tasks().submit(context, task).id();
    }

    protected Task found(TaskId id) {
        return node.tasks().find(ACME.tenant(), id).orElseThrow();
    }

    /// Lets so much time pass, with signs of life of the present node alone, that the others' slots are free.
    protected void silence() {
        for (int i = 0; i < 6; i++) {
            clock.pass(Duration.ofSeconds(2));
            node.beat();
        }
    }
}
