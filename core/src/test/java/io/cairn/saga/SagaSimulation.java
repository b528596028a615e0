package io.cairn.saga;

import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.ForwardingStorage;
import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.StorageException;
import io.cairn.event.StorageOperation;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.task.DeadLetters;
import io.cairn.task.SettableClock;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// Two nodes with sagas of three actions on one store, run by a scheduler whose every choice follows from a seed: what
/// fails before or after it has happened, which commit is of unknown fate, who is stalled or dies, how the clocks go,
/// which events come twice. In the end every saga is completed with all of its actions done, or failed with
/// none.
final class SagaSimulation {
    private static final Tenant TENANT = new Tenant("acme");
    private static final Context CONTEXT = new Context(TENANT, "simulation", "simulation");
    private static final List<String> ACTIONS = List.of("one", "two", "three");
    private static final int ROUNDS_MAX = 1_500;

    /// A promise that did not hold.
    static final class Violation extends RuntimeException {
        Violation(String message) {
            super(message);
        }
    }

    private static final class Died extends Error {}

    /// What is simulated: sagas as they are, or broken on purpose.
    interface Broken {
        /// The store as a process believes it to be, as long as it lives.
        default LogStorage believed(LogStorage storage) {
            return storage;
        }

        default SagaAction action(SagaAction action) {
            return action;
        }

        /// Whether a saga says how an action is undone only once it was done.
        default boolean registersLate() {
            return false;
        }
    }

    private final Random random;
    private final Broken broken;
    private final InMemoryLogStorage store;
    private final List<Process> processes = new ArrayList<>();
    private final Set<String> inEffect = new HashSet<>();
    private final Set<String> everDone = new HashSet<>();
    private final Map<String, Set<String>> keys = new TreeMap<>();
    private final Map<String, NewEvent> unacknowledged = new TreeMap<>();
    private final Set<String> started = new HashSet<>();
    private int deaths;
    private int number;
    private boolean calm;
    private boolean stalled;

    /// One process after another in one place.
    private final class Process implements ForwardingStorage {
        final String name;
        final SettableClock clock = new SettableClock();

        @Nullable
        SagaNode node;

        boolean dead;
        int life;

        Process(String name) {
            this.name = name;
        }

        SagaNode node() {
            if (node == null) {
                node = new SagaNode(
                        name + "-" + life,
                        broken.believed(this),
                        List.of(type(this)),
                        clock,
                        new Random(random.nextLong()));
            }
            return node;
        }

        @Override
        public LogStorage storage() {
            return store;
        }

        @Override
        public <T> T around(StorageOperation operation, Supplier<T> work) {
            requireAlive();
            if (!calm && random.nextInt(80) == 0) {
                die();
            }
            if (!calm && !stalled && random.nextInt(15) == 0) {
                stalled = true;
                processes.stream().filter(other -> other != this).forEach(SagaSimulation.this::someActs);
                stalled = false;
            }
            var result = work.get();
            requireAlive();
            return result;
        }

        private void requireAlive() {
            if (dead) {
                throw new Died();
            }
        }

        void die() {
            dead = true;
            deaths++;
            throw new Died();
        }

        void reviveIfDead() {
            if (dead) {
                dead = false;
                node = null;
                life++;
            }
        }
    }

    private SagaSimulation(long seed, Broken broken) {
        this.random = new Random(seed);
        this.broken = broken;
        this.store = InMemoryLogStorage.failing(SagaNode.TABLES, 2, this::fault).sharedByNodes();
        processes.add(new Process("n1"));
        processes.add(new Process("n2"));
    }

    private void fault(InMemoryLogStorage.Step step) {
        if (calm || random.nextInt(40) != 0) {
            return;
        }
        switch (step) {
            case BEFORE_COMMIT ->
                throw new StorageException(StorageException.Kind.BUSY, "simulated", new IllegalStateException());
            case AFTER_COMMIT ->
                throw new StorageException(StorageException.Kind.UNKNOWN, "simulated", new IllegalStateException());
            case READ, BEGIN, INSERT, CHANGE -> {}
        }
    }

    private SagaType type(Process process) {
        var type = SagaType.named("three-steps", this::react)
                .startedBy("work.wanted", event -> event.stream().id())
                .hearing("work.cancelled", event -> event.stream().id());
        for (var action : ACTIONS) {
            var does = SagaAction.named(action, call -> act(process, call))
                    .probedBy(call ->
                            inEffect.contains(call.key()) ? SagaAction.Probed.happened() : SagaAction.Probed.didNot())
                    .within(Duration.ofMinutes(2));
            type = broken.registersLate()
                    ? type.doing(does)
                            .doing(SagaAction.named("then-" + action, call -> SagaAction.Reply.done(call.payload()))
                                    .undoneBy(call -> undo(
                                            process, call.payload().path("key").asString())))
                    : type.doing(broken.action(does.undoneBy(call -> undo(process, call.key()))));
        }
        return type;
    }

    private SagaAction.Reply act(Process process, SagaAction.Call call) {
        keys.computeIfAbsent(call.payload().path("saga").asString(), none -> new HashSet<>())
                .add(call.key());
        int chance = calm ? 20 : random.nextInt(20);
        switch (chance) {
            case 0 -> process.die();
            case 1, 2, 3 -> throw new IllegalStateException("before");
            case 4 -> {
                return SagaAction.Reply.failed("certainly");
            }
            default -> {
                inEffect.add(call.key());
                everDone.add(call.key());
            }
        }
        switch (chance) {
            case 5 -> process.die();
            case 6, 7, 8 -> throw new IllegalStateException("after");
            default -> {}
        }
        return SagaAction.Reply.done(Json.of("key", call.key()));
    }

    private void undo(Process process, String key) {
        if (!everDone.contains(key)) {
            throw new Violation("What had not happened was undone");
        }
        int chance = calm ? 10 : random.nextInt(10);
        if (chance == 0) {
            process.die();
        }
        inEffect.remove(key);
        if (chance < 3) {
            throw new IllegalStateException("after it was undone");
        }
    }

    /// The event it ends with has another id each time, so that nothing but the fence keeps it from being there twice.
    private Next react(SagaType.At at, Input input) {
        var next = Next.to(at.state());
        return switch (input) {
            case Input.Happened(var event) ->
                event.type().name().equals("work.cancelled")
                        ? next.giveUp("cancelled")
                        : at.state().isEmpty()
                                ? Next.to(Json.of("at", "one"))
                                        .act("one", payload(at))
                                        .timer("all", Duration.ofMinutes(20))
                                : next;
            case Input.Done(var action, var result) -> next(at, action, result);
            case Input.Failed(var action, var reason) -> next.giveUp(reason);
            case Input.TimedOut timer -> next.giveUp("too late");
        };
    }

    private Next next(SagaType.At at, String action, tools.jackson.databind.JsonNode result) {
        var next = Next.to(at.state());
        if (broken.registersLate() && !action.startsWith("then-")) {
            return next.act("then-" + action, result);
        }
        int done = ACTIONS.indexOf(action.replace("then-", ""));
        return done + 1 < ACTIONS.size()
                ? next.act(ACTIONS.get(done + 1), payload(at))
                : next.append(ended(at)).complete();
    }

    private static tools.jackson.databind.JsonNode payload(SagaType.At at) {
        return Json.of("saga", at.correlation());
    }

    private StreamAppend ended(SagaType.At at) {
        return new StreamAppend(
                new StreamId("ended", at.correlation()),
                Expected.any(),
                List.of(event(new UUID(random.nextLong(), random.nextLong()), "work.ended")));
    }

    private static NewEvent event(UUID id, String type) {
        return new NewEvent(
                id, new EventType(type), 1, "subject", JsonNodeFactory.instance.objectNode(), Instant.EPOCH, null);
    }

    /// What happened in a run.
    record Outcomes(int completed, int failed, int deaths) {}

    /// @throws Violation if a promise did not hold
    static Outcomes run(long seed, int acts, Broken broken) {
        var simulation = new SagaSimulation(seed, broken);
        simulation.begin();
        for (int act = 0; act < acts; act++) {
            simulation.someActs(simulation.processes.get(simulation.random.nextInt(2)));
        }
        return simulation.end();
    }

    /// The reactions begin before there is anything, since what was there before starts no saga.
    private void begin() {
        calm = true;
        for (int round = 0; round < 8; round++) {
            processes.forEach(process -> {
                process.clock.pass(Duration.ofSeconds(2));
                process.node().runUntilIdle();
            });
        }
        calm = false;
    }

    private void someActs(Process process) {
        for (int acts = random.nextInt(12); acts >= 0; acts--) {
            act(process);
            process.reviveIfDead();
        }
    }

    private void act(Process process) {
        try {
            var node = process.node();
            switch (random.nextInt(20)) {
                case 0 -> want(process, "work.wanted", "w" + ++number);
                case 1 -> again(process);
                case 2 -> passTime(process);
                case 3, 4 -> node.node().beat();
                case 5, 6, 7 -> node.follow();
                case 8, 9, 10, 11, 12 -> runOne(node);
                default -> node.node().engine().step();
            }
        } catch (StorageException e) {
            // whoever asked asks again
        } catch (Died e) {
            if (!process.dead) {
                throw e;
            }
        } catch (RuntimeException e) {
            if (!process.dead) {
                throw e;
            }
        }
    }

    /// Another event about a saga: the one that started it once more, or, seldom, that it is to end.
    private void again(Process process) {
        if (number > 0) {
            want(
                    process,
                    random.nextInt(6) == 0 ? "work.cancelled" : "work.wanted",
                    "w" + (1 + random.nextInt(number)));
        }
    }

    private void passTime(Process process) {
        var time = Duration.ofMillis(random.nextInt(6_000));
        processes.forEach(each -> each.clock.pass(time));
        if (random.nextInt(4) == 0) {
            process.clock.jump(Duration.ofMillis(random.nextInt(6_000) - 3_000));
        }
    }

    private void runOne(SagaNode node) {
        var begun = node.node().begun();
        if (!begun.isEmpty()) {
            begun.remove(random.nextInt(begun.size())).run();
        }
    }

    private void want(Process process, String type, String work) {
        var id = new UUID(random.nextLong(), random.nextLong());
        unacknowledged.put(work + " " + id, event(id, type));
        submit(process, work + " " + id);
    }

    /// What was not acknowledged is asked for again with its id.
    private void submit(Process process, String name) {
        var event = unacknowledged.get(name);
        if (event == null) {
            return;
        }
        var work = name.substring(0, name.indexOf(' '));
        process.node()
                .log()
                .append(Unit.of(CONTEXT, new StreamAppend(new StreamId("work", work), Expected.any(), List.of(event))));
        unacknowledged.remove(name);
        if (event.type().name().equals("work.wanted")) {
            started.add(work);
        }
    }

    /// Lets everything come to its end without more trouble, and checks the whole.
    private Outcomes end() {
        calm = true;
        processes.forEach(process -> List.copyOf(unacknowledged.keySet()).forEach(name -> submit(process, name)));
        for (int round = 0; !left().isEmpty(); round++) {
            if (round > ROUNDS_MAX) {
                throw new Violation("There is no end: " + left());
            }
            for (var process : processes) {
                process.clock.pass(Duration.ofSeconds(2));
                var node = process.node();
                node.node().beat();
                node.follow();
                node.node().deadLetters().replay(CONTEXT, DeadLetters.Filter.all(), 100);
                node.node().engine().step();
                node.node().run();
                node.node().engine().step();
            }
        }
        return checked();
    }

    private Map<String, SagaStatus> sagas() {
        var found = new HashMap<String, SagaStatus>();
        processes
                .getFirst()
                .node()
                .sagas()
                .list(TENANT, Sagas.Filter.all(), null, Integer.MAX_VALUE)
                .forEach(saga -> found.put(saga.correlation(), saga.status()));
        return found;
    }

    private List<String> left() {
        var sagas = sagas();
        return started.stream()
                .filter(work -> !sagas.containsKey(work) || !sagas.get(work).isEnd())
                .map(work -> work + " is " + sagas.get(work))
                .toList();
    }

    private Outcomes checked() {
        int completed = 0;
        int failed = 0;
        var sagas = sagas();
        for (var work : started) {
            boolean good = sagas.get(work) == SagaStatus.COMPLETED;
            completed += good ? 1 : 0;
            failed += good ? 0 : 1;
            check(work, good);
        }
        return new Outcomes(completed, failed, deaths);
    }

    private void check(String work, boolean completed) {
        long done = keys.getOrDefault(work, Set.of()).stream()
                .filter(inEffect::contains)
                .count();
        long ends =
                processes.getFirst().node().log().<Long>read(TENANT, view -> view.version(new StreamId("ended", work)));
        if (done != (completed ? ACTIONS.size() : 0) || ends != (completed ? 1 : 0)) {
            throw new Violation("Saga %s is %s, %d of its actions are in effect, and it ended %d times"
                    .formatted(work, completed ? "completed" : "failed", done, ends));
        }
    }
}
