package io.cairn.task;

import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Expected;
import io.cairn.event.ForwardingStorage;
import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.LogStorage;
import io.cairn.event.NewEvent;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.StorageException;
import io.cairn.event.StorageOperation;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.lease.Leases;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// Two nodes that do tasks on one store, run by a scheduler whose every choice follows from a seed: what fails, which
/// commit is lost or of unknown fate, who is stalled in the midst of what, who dies, how the clocks go. In the end
/// every task has ended, once in effect, those of a key in their order, and a schedule has fired once at each time.
final class TaskSimulation {
    private static final int PARTITIONS = 2;
    private static final int ROUNDS_MAX = 400;
    private static final List<Tenant> TENANTS = List.of(new Tenant("acme"), new Tenant("globex"));
    private static final List<String> KEYS = List.of("x", "y");

    /// A schedule that is put again and again unchanged, and one that is paused and resumed besides.
    private static final String STEADY = "steady";

    private static final String TOUCHED = "touched";
    private static final Duration EVERY = Duration.ofSeconds(5);
    private static final List<Table> TABLES = Stream.of(
                    EventLog.tables(), Leases.tables(), TaskEngine.feature().tables())
            .flatMap(List::stream)
            .toList();

    /// What is simulated: the engine as it is, or with a part that was broken on purpose.
    interface Engine {
        /// The store as a process believes it to be, as long as it lives.
        default LogStorage believed(LogStorage storage) {
            return storage;
        }

        /// The order in the lane whose tasks have keys.
        default Lane.Order order() {
            return Lane.Order.SEQUENTIAL_HOLD;
        }
    }

    /// A promise that did not hold.
    static final class Violation extends RuntimeException {
        Violation(String message) {
            super(message);
        }
    }

    private static final class Died extends Error {}

    /// What was asked for.
    private record Wanted(Context context, NewTask task) {
        UUID id() {
            return task.id();
        }
    }

    private final Random random;
    private final Engine engine;
    private final InMemoryLogStorage store;
    private final List<Process> processes = new ArrayList<>();
    private final Map<UUID, Wanted> acknowledged = new HashMap<>();
    private final Map<String, Deque<Wanted>> unacknowledged = new TreeMap<>();
    private final Set<String> asking = new HashSet<>();
    private final Map<String, List<UUID>> orders = new TreeMap<>();
    private int deaths;
    private int endedInOrder;
    private int zombies;
    private int number;
    private boolean calm;
    private boolean stalled;

    /// One process after another in one place.
    private final class Process implements ForwardingStorage {
        final String name;
        final SettableClock clock = new SettableClock();
        final UnaryOperator<LogStorage> beliefs = engine::believed;

        @Nullable
        TaskNode node;

        boolean dead;
        int life;

        Process(String name) {
            this.name = name;
        }

        TaskNode node() {
            if (node == null) {
                node = new TaskNode(
                        name + "-" + life,
                        beliefs.apply(this),
                        types(this),
                        TaskSettings.defaults(),
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
            if (!calm && random.nextInt(60) == 0) {
                die();
            }
            if (!calm && !stalled && random.nextInt(12) == 0) {
                stalled = true;
                others(this);
                stalled = false;
            }
            if (!calm && random.nextInt(40) == 0) {
                throw new StorageException(StorageException.Kind.BUSY, "simulated", new IllegalStateException());
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
                zombies += node == null ? 0 : (int) node.engine().zombies();
                dead = false;
                node = null;
                life++;
            }
        }
    }

    private TaskSimulation(long seed, Engine engine) {
        this.random = new Random(seed);
        this.engine = engine;
        this.store = InMemoryLogStorage.failing(TABLES, PARTITIONS, this::fault).sharedByNodes();
        processes.add(new Process("n1"));
        processes.add(new Process("n2"));
    }

    private void fault(InMemoryLogStorage.Step step) {
        if (calm || random.nextInt(30) != 0) {
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

    private TaskTypes types(Process process) {
        var retry = RetryPolicy.defaults().attempts(3).waiting(Duration.ofSeconds(1), Duration.ofSeconds(10));
        return new TaskTypes(
                List.of(Lane.parallel("parallel", 3), new Lane("keyed", engine.order(), 3)),
                List.of(
                        TaskType.of("plain", "parallel", run -> handle(process, run))
                                .retrying(retry),
                        TaskType.of("keyed", "keyed", run -> handle(process, run))
                                .retrying(retry)));
    }

    private Outcome handle(Process process, Execution run) {
        int chance = calm ? 10 : random.nextInt(16);
        return switch (chance) {
            case 0 -> {
                process.die();
                throw new Died();
            }
            case 1, 2 -> Outcome.retry("simulated");
            case 3 -> Outcome.snooze(Duration.ofSeconds(random.nextInt(5)), "simulated");
            case 4 -> Outcome.dead("simulated");
            default -> Outcome.done(Outcome.Effects.append(effect(run)));
        };
    }

    /// What a task brings about, under another id in each attempt, so that nothing but the fence keeps it from
    /// happening twice.
    private StreamAppend effect(Execution run) {
        var event = new NewEvent(
                new UUID(random.nextLong(), random.nextLong()),
                new EventType("effect.happened"),
                1,
                "subject",
                JsonNodeFactory.instance.objectNode(),
                Instant.EPOCH,
                null);
        return new StreamAppend(new StreamId("effect", run.id().toString()), Expected.any(), List.of(event));
    }

    /// What happened in a run.
    record Outcomes(int tasks, int done, int cancelled, int fired, int deaths, int endedInOrder, int zombies) {}

    /// @throws Violation if a promise did not hold
    static Outcomes run(long seed, int acts, Engine engine) {
        var simulation = new TaskSimulation(seed, engine);
        for (int act = 0; act < acts; act++) {
            simulation.act(simulation.processes.get(simulation.random.nextInt(2)));
            simulation.processes.forEach(Process::reviveIfDead);
        }
        return simulation.end();
    }

    private void others(Process stalledOne) {
        for (var other : processes) {
            if (other != stalledOne) {
                for (int act = random.nextInt(20); act >= 0; act--) {
                    act(other);
                    other.reviveIfDead();
                }
            }
        }
    }

    private void act(Process process) {
        try {
            switch (random.nextInt(20)) {
                case 0, 1, 2 -> enqueue(process);
                case 3 -> {
                    if (random.nextInt(8) == 0) {
                        leave(process);
                    } else {
                        operate(process);
                    }
                }
                case 4 -> passTime(process);
                case 5, 6 -> process.node().beat();
                case 7, 8, 9, 10, 11 -> runOne(process);
                default -> process.node().engine().step();
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

    /// Its process ends in order; another one takes its place.
    private void leave(Process process) {
        var leaving = process.node();
        process.node = null;
        process.life++;
        endedInOrder++;
        leaving.engine().close();
        leaving.leases().close();
    }

    private void passTime(Process process) {
        var time = Duration.ofMillis(random.nextInt(4_000));
        processes.forEach(each -> each.clock.pass(time));
        if (random.nextInt(4) == 0) {
            process.clock.jump(Duration.ofMillis(random.nextInt(8_000) - 4_000));
        }
    }

    private void runOne(Process process) {
        var begun = process.node().begun();
        if (!begun.isEmpty()) {
            begun.remove(random.nextInt(begun.size())).run();
        }
    }

    /// What was not acknowledged is asked for again, with its id, before anything else of its key is.
    private void enqueue(Process process) {
        var tenant = TENANTS.get(random.nextInt(2));
        var key = random.nextInt(3) == 0 ? null : KEYS.get(random.nextInt(2));
        var waiting = unacknowledged.computeIfAbsent(tenant + "/" + key, none -> new ArrayDeque<>());
        if (!asking.add(tenant + "/" + key)) {
            return;
        }
        try {
            if (waiting.isEmpty()) {
                waiting.add(new Wanted(new Context(tenant, "simulation", "simulation"), task(key)));
            }
            submit(process, waiting);
        } finally {
            asking.remove(tenant + "/" + key);
        }
    }

    private void submit(Process process, Deque<Wanted> waiting) {
        var wanted = waiting.getFirst();
        process.node().tasks().submit(wanted.context(), wanted.task());
        waiting.removeFirst();
        acknowledged.put(wanted.id(), wanted);
        if (wanted.task().key() != null) {
            orders.computeIfAbsent(
                            wanted.context().tenant() + "/" + wanted.task().key(), none -> new ArrayList<>())
                    .add(wanted.id());
        }
    }

    private NewTask task(@Nullable String key) {
        var id = new UUID(0x8000L, ++number | 0x8000_0000_0000_0000L);
        var task = NewTask.of(id, key == null ? "plain" : "keyed", JsonNodeFactory.instance.objectNode());
        return key == null ? task.withPriority(random.nextInt(3)) : task.withKey(key);
    }

    private void operate(Process process) {
        if (random.nextBoolean()) {
            touchSchedule(process);
        } else {
            cancelOrReplay(process);
        }
    }

    /// Often just when the clocks were set back, so that times come again that were there already.
    private void touchSchedule(Process process) {
        if (random.nextBoolean()) {
            var back = Duration.ofMillis(-random.nextInt(8_000));
            processes.forEach(each -> each.clock.jump(back));
        }
        var context = new Context(TENANTS.get(random.nextInt(2)), "operator", "operator");
        var schedules = process.node().schedules();
        switch (random.nextInt(4)) {
            case 0 -> schedules.pause(context, TOUCHED);
            case 1 -> schedules.resume(context, TOUCHED);
            case 2 -> schedules.put(context, schedule(STEADY));
            default -> schedules.put(context, schedule(TOUCHED));
        }
    }

    private static NewSchedule schedule(String name) {
        return NewSchedule.of(
                        name,
                        CronExpression.parse("*/%d * * * * *".formatted(EVERY.toSeconds())),
                        ZoneOffset.UTC,
                        "plain",
                        JsonNodeFactory.instance.objectNode())
                .catchingUp(CatchUp.ALL);
    }

    private void cancelOrReplay(Process process) {
        if (random.nextBoolean()) {
            var tenant = TENANTS.get(random.nextInt(2));
            process.node()
                    .deadLetters()
                    .replay(new Context(tenant, "operator", "operator"), DeadLetters.Filter.all(), 10);
        } else if (!acknowledged.isEmpty() && random.nextInt(3) == 0) {
            var all = List.copyOf(acknowledged.values());
            var chosen = all.get(random.nextInt(all.size()));
            process.node().tasks().cancel(chosen.context(), new TaskId(chosen.id()));
        }
    }

    /// Lets everything come to its end without more trouble, and checks the whole.
    private Outcomes end() {
        calm = true;
        for (var tenant : TENANTS) {
            var context = new Context(tenant, "operator", "operator");
            for (var name : List.of(STEADY, TOUCHED)) {
                processes.getFirst().node().schedules().pause(context, name);
            }
        }
        int round = 0;
        do {
            if (round++ > ROUNDS_MAX) {
                throw new Violation("There is no end: " + left());
            }
            for (var process : processes) {
                process.clock.pass(Duration.ofSeconds(1));
                process.node().beat();
                unacknowledged.values().forEach(waiting -> {
                    if (!waiting.isEmpty()) {
                        submit(process, waiting);
                    }
                });
                TENANTS.forEach(tenant -> process.node()
                        .deadLetters()
                        .replay(new Context(tenant, "operator", "operator"), DeadLetters.Filter.all(), 100));
                process.node().engine().step();
                process.node().run();
                process.node().engine().step();
            }
        } while (!left().isEmpty());
        return checked();
    }

    /// What is not yet done.
    private List<String> left() {
        return store.read(snapshot -> Stream.concat(
                        acknowledged.values().stream().map(wanted -> row(snapshot, wanted)),
                        TENANTS.stream().flatMap(tenant -> scheduled(snapshot, tenant)))
                .filter(task -> task.state() != TaskState.DONE && task.state() != TaskState.CANCELLED)
                .map(task -> task.id() + " is " + task.row().text("state"))
                .toList());
    }

    private static TaskRow row(ReadSnapshot snapshot, Wanted wanted) {
        var tenant = wanted.context().tenant();
        return snapshot.row(
                        tenant, TaskTables.TASK, TaskTables.TASK.key(wanted.id().toString()))
                .map(found -> new TaskRow(tenant, found))
                .orElseThrow(() -> new Violation("Task %s was acknowledged and is lost".formatted(wanted.id())));
    }

    private static Stream<TaskRow> scheduled(ReadSnapshot snapshot, Tenant tenant) {
        return snapshot.rows(tenant, TaskTables.TASK, new RowKey(List.of()), null, Integer.MAX_VALUE).stream()
                .filter(row -> row.text("correlation").contains("@"))
                .map(row -> new TaskRow(tenant, row));
    }

    /// Each time that a schedule met has one task, which happened once; the times of the one that was never
    /// paused follow each other without a gap.
    private static int checkSchedules(ReadSnapshot snapshot, Map<String, List<Long>> effects) {
        int fired = 0;
        for (var tenant : TENANTS) {
            var steady = new TreeSet<Instant>();
            for (var task : scheduled(snapshot, tenant).toList()) {
                var occasion = task.row().text("correlation");
                int happened = effects.getOrDefault(task.id(), List.of()).size();
                if (happened != 1) {
                    throw new Violation("What %s asked for happened %d times".formatted(occasion, happened));
                }
                if (occasion.startsWith(STEADY)) {
                    steady.add(Instant.parse(occasion.substring(occasion.indexOf('@') + 1)));
                }
                fired++;
            }
            for (var time : steady) {
                var next = steady.higher(time);
                if (next != null && !next.equals(time.plus(EVERY))) {
                    throw new Violation("%s did not fire between %s and %s".formatted(STEADY, time, next));
                }
            }
        }
        return fired;
    }

    private Outcomes checked() {
        return store.read(snapshot -> {
            var effects = effects(snapshot);
            int done = 0;
            for (var wanted : acknowledged.values()) {
                boolean ended = row(snapshot, wanted).state() == TaskState.DONE;
                int happened =
                        effects.getOrDefault(wanted.id().toString(), List.of()).size();
                done += ended ? 1 : 0;
                if (happened != (ended ? 1 : 0)) {
                    throw new Violation("Task %s is %s and happened %d times"
                            .formatted(wanted.id(), ended ? "done" : "cancelled", happened));
                }
            }
            checkOrders(effects);
            checkNothingIsLeft(snapshot);
            int fired = checkSchedules(snapshot, effects);
            return new Outcomes(
                    acknowledged.size(), done, acknowledged.size() - done, fired, deaths, endedInOrder, zombies);
        });
    }

    /// The positions of the effects of each task.
    private static Map<String, List<Long>> effects(ReadSnapshot snapshot) {
        return Stream.iterate(0, partition -> partition < PARTITIONS, partition -> partition + 1)
                .flatMap(partition -> snapshot.after(partition, 0, Integer.MAX_VALUE, Long.MAX_VALUE).stream())
                .filter(event -> event.stream().type().equals("effect"))
                .collect(Collectors.groupingBy(
                        event -> event.stream().id(), Collectors.mapping(StoredEvent::position, Collectors.toList())));
    }

    private void checkOrders(Map<String, List<Long>> effects) {
        orders.forEach((key, tasks) -> {
            var positions = tasks.stream()
                    .flatMap(task -> effects.getOrDefault(task.toString(), List.of()).stream())
                    .toList();
            if (!positions.equals(positions.stream().sorted().toList())) {
                throw new Violation("The tasks of %s did not happen in their order: %s".formatted(key, positions));
            }
        });
    }

    private static void checkNothingIsLeft(ReadSnapshot snapshot) {
        for (var table :
                Set.of(TaskTables.READY, TaskTables.QUEUE, TaskTables.KEY, TaskTables.DEAD, TaskTables.DEDUP)) {
            for (var tenant : TENANTS) {
                long count = snapshot.count(tenant, table, new RowKey(List.of()));
                if (count > 0) {
                    throw new Violation("%d rows are left in %s".formatted(count, table.name()));
                }
            }
        }
    }
}
