package io.cairn.follow;

import io.cairn.archive.Archive;
import io.cairn.archive.LogCopy;
import io.cairn.event.EventLog;
import io.cairn.event.EventSteps;
import io.cairn.event.ForwardingStorage;
import io.cairn.event.Ids;
import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.LogStorage;
import io.cairn.event.StorageException;
import io.cairn.event.StorageOperation;
import io.cairn.event.Unit;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.LeaseSteps;
import io.cairn.lease.Leases;
import io.cairn.seal.MasterKey;
import io.cairn.task.SettableClock;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Two nodes with one reaction on one store, run by a scheduler whose every choice follows from a seed: what fails,
/// which commit is of unknown fate, who is stalled or dies, which words make it fail for a while, when the log moves
/// into another store. In the end each word counts as often as it was said.
final class ReactionSimulation {
    private static final List<Tenant> TENANTS = List.of(new Tenant("acme"), new Tenant("globex"), new Tenant("hooli"));
    private static final List<String> WORDS = List.of("x", "y", "bad");
    private static final int STEPS_MAX = 2_000;
    private static final MasterKey MASTER = MasterKey.random(new SecureRandom());
    private static final Context OPERATOR = new Context(Tenant.CAIRN, "operator", "operator");

    /// A promise that did not hold.
    static final class Violation extends RuntimeException {
        Violation(String message) {
            super(message);
        }
    }

    private static final class Died extends Error {}

    private final Random random;
    private final UnaryOperator<LogStorage> believed;
    private final List<Process> processes = new ArrayList<>();
    private final Map<String, Long> said = new TreeMap<>();
    private final Map<UUID, Said> unacknowledged = new TreeMap<>();
    private final Set<String> poison = new HashSet<>();
    private InMemoryLogStorage store;
    private int number;
    private int moves;
    private int deaths;
    private boolean calm;
    private boolean stalled;

    private record Said(Tenant tenant, String stream, String word) {}

    /// One process after another in one place.
    private final class Process implements ForwardingStorage {
        final String name;
        final SettableClock clock = new SettableClock();

        @Nullable
        Running running;

        boolean dead;
        int life;

        Process(String name) {
            this.name = name;
        }

        Running running() {
            if (running == null) {
                running = new Running(name + "-" + life, believed.apply(this), clock);
            }
            return running;
        }

        @Override
        public LogStorage storage() {
            return store;
        }

        @Override
        public <T> T around(StorageOperation operation, Supplier<T> work) {
            requireAlive();
            if (!calm && random.nextInt(60) == 0) {
                dead = true;
                deaths++;
                throw new Died();
            }
            if (!calm && !stalled && random.nextInt(12) == 0) {
                stalled = true;
                processes.stream().filter(other -> other != this).forEach(ReactionSimulation.this::someActs);
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

        /// The next process in its place begins with nothing.
        void end() {
            dead = false;
            running = null;
            life++;
        }
    }

    /// What a process has in memory.
    private final class Running {
        final EventLog log;
        final Leases leases;
        final RunningReaction reaction;

        Running(String name, LogStorage storage, SettableClock clock) {
            var ids = new Ids(clock, new Random(random.nextLong()));
            log = EventSteps.log(storage, MASTER, List.of(), ids, new SecureRandom(), clock::nanos);
            leases = new Leases(log, name, LeaseSettings.defaults(), clock::nanos);
            var hearing = new HearingLogs.Hearing(poison, Reaction.Beginning.FIRST_EVENT);
            reaction = new RunningReaction(
                    hearing, log, leases, FollowSettings.defaults().batchesOf(4), clock);
        }
    }

    private ReactionSimulation(long seed, UnaryOperator<LogStorage> believed) {
        this.random = new Random(seed);
        this.believed = believed;
        this.store = newStore();
        processes.add(new Process("n1"));
        processes.add(new Process("n2"));
    }

    private InMemoryLogStorage newStore() {
        return new InMemoryLogStorage("log" + moves, HearingLogs.TABLES, 1 + random.nextInt(3), this::fault)
                .sharedByNodes();
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

    /// What happened in a run.
    record Outcomes(long words, int moves, int deaths) {}

    /// @param believed the store as a process believes it to be, as long as it lives
    /// @throws Violation if a promise did not hold
    static Outcomes run(long seed, int acts, UnaryOperator<LogStorage> believed) {
        var simulation = new ReactionSimulation(seed, believed);
        for (int act = 0; act < acts; act++) {
            if (simulation.random.nextInt(120) == 0) {
                simulation.move();
            }
            simulation.someActs(simulation.processes.get(simulation.random.nextInt(2)));
        }
        return simulation.end();
    }

    private void someActs(Process process) {
        for (int acts = random.nextInt(12); acts >= 0; acts--) {
            act(process);
            if (process.dead) {
                process.end();
            }
        }
    }

    private void act(Process process) {
        try {
            switch (random.nextInt(20)) {
                case 0, 1, 2, 3 -> say(process);
                case 4 -> processes.forEach(each -> each.clock.pass(Duration.ofMillis(random.nextInt(4_000))));
                case 5, 6 -> LeaseSteps.step(process.running().leases);
                case 7 -> changePoison();
                case 8 -> process.running().reaction.retry(TENANTS.get(random.nextInt(3)), null);
                default -> ReactionSteps.step(process.running().reaction);
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

    private void changePoison() {
        if (!poison.remove("bad")) {
            poison.add("bad");
        }
    }

    private void say(Process process) {
        var id = new UUID(0x8000L, ++number | 0x8000_0000_0000_0000L);
        var word = new Said(
                TENANTS.get(random.nextInt(3)), "s" + random.nextInt(3), WORDS.get(random.nextInt(WORDS.size())));
        said.merge(word.tenant() + "/" + word.word(), 1L, Long::sum);
        unacknowledged.put(id, word);
        submit(process, id, word);
    }

    /// What was not acknowledged is asked for again with its id.
    private void submit(Process process, UUID id, Said word) {
        process.running()
                .log
                .append(Unit.of(
                        new Context(word.tenant(), "simulation", "simulation"),
                        HearingLogs.said(id, word.stream(), word.word())));
        unacknowledged.remove(id);
    }

    private void submitAll(Process process) {
        Map.copyOf(unacknowledged).forEach((id, word) -> submit(process, id, word));
    }

    /// Every process ends, and the log goes on in another store with other partitions.
    private void move() {
        processes.forEach(Process::end);
        boolean before = calm;
        calm = true;
        moves++;
        var target = newStore();
        var ids = new Ids(new SettableClock(), new Random(random.nextLong()));
        var from = EventLog.on(store).sealedWith(MASTER).ids(ids).open();
        var to = EventLog.on(target).sealedWith(MASTER).ids(ids).open();
        if (random.nextBoolean()) {
            new LogCopy(store, target, to, HearingLogs.TABLES, ids).run(List.of(), (step, done, total) -> {});
        } else {
            var lines = new ArrayList<String>();
            new Archive(from, store, HearingLogs.TABLES, ids).export(null, line -> lines.add(line.toString()));
            new Archive(to, target, HearingLogs.TABLES, ids).take(OPERATOR, lines);
        }
        store = target;
        calm = before;
    }

    /// Lets everything come to its end without more trouble, and checks the whole.
    private Outcomes end() {
        calm = true;
        poison.clear();
        processes.forEach(this::submitAll);
        for (int step = 0; !isDone() || step < 20; step++) {
            if (step > STEPS_MAX) {
                throw new Violation("There is no end: heard %s of %s".formatted(heard(), said));
            }
            for (var process : processes) {
                process.clock.pass(Duration.ofSeconds(1));
                LeaseSteps.step(process.running().leases);
                ReactionSteps.step(process.running().reaction);
                TENANTS.forEach(tenant -> process.running().reaction.retry(tenant, null));
            }
        }
        if (!heard().equals(said)) {
            throw new Violation("Said %s and heard %s".formatted(said, heard()));
        }
        return new Outcomes(said.values().stream().mapToLong(Long::longValue).sum(), moves, deaths);
    }

    private boolean isDone() {
        var running = processes.getFirst().running();
        return running.reaction.health().eventsBehind() == 0
                && TENANTS.stream().allMatch(tenant -> running.reaction.parkedCount(tenant) == 0);
    }

    private Map<String, Long> heard() {
        var all = new TreeMap<String, Long>();
        for (var tenant : TENANTS) {
            HearingLogs.heard(processes.getFirst().running().log, tenant)
                    .forEach((word, times) -> all.put(tenant + "/" + word, times));
        }
        return all;
    }
}
