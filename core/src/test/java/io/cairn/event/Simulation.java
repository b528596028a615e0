package io.cairn.event;

import io.cairn.projection.ProjectionHost;
import io.cairn.projection.ProjectionSettings;
import io.cairn.projection.ProjectionSteps;
import io.cairn.row.Table;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/// Two nodes on one store, run by a scheduler whose every choice follows from a seed: who acts next and in the midst of
/// what, what fails, who dies, how the clock goes. After every act the log and the projections are held to what the
/// engine promises.
///
/// There is one thread. A node acts step by step; between any two of its dealings with the store it may be stalled
/// while the other goes on, refused, left in doubt, or killed.
final class Simulation {
    private static final int NODES = 2;
    private static final int PARTITIONS = 2;
    private static final int STREAMS = 3;
    private static final int EVENTS_MAX = 3;
    private static final List<Tenant> TENANTS =
            Stream.of("acme", "globex", "initech").map(Tenant::new).toList();
    private static final List<Table> TABLES = Stream.concat(
                    EventLog.tables().stream(), ProjectionHost.tables().stream())
            .toList();
    private static final EventType TYPE = new EventType("Happened");
    private static final MasterKey MASTER = new MasterKey(new byte[MasterKey.BYTES]);
    private static final SecureRandom KEYS = new SecureRandom();

    /// What is simulated: the engine as it is, or one that was broken on purpose.
    interface Engine {
        default LogStorage storage(InMemoryLogStorage store, Runnable stall) {
            return store;
        }

        default SimulatedIndex index(SimulatedIndex.Disk disk, SimulatedIndex.Moment moment) {
            return new SimulatedIndex(disk, moment);
        }
    }

    private final Random random;
    private final Engine engine;
    private final InMemoryLogStorage store;
    private final LogStorage storage;
    private final SimulatedReader reader;
    private final List<Node> nodes = new ArrayList<>();
    private final List<Attempt> attempts = new ArrayList<>();
    private final List<Attempt> unanswered = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private @Nullable Node acting;
    private boolean stalled;
    private boolean calm;
    private int crashes;
    private int faults;

    private Simulation(long seed, Engine engine) {
        this.random = new Random(seed);
        this.engine = engine;
        this.store = new InMemoryLogStorage("simulated", TABLES, PARTITIONS, this::strike).sharedByNodes();
        this.storage = engine.storage(store, this::stall);
        this.reader = new SimulatedReader(storage);
        for (int node = 0; node < NODES; node++) {
            nodes.add(new Node(new SimulatedIndex.Disk()));
        }
    }

    /// What happened in a run.
    record Outcome(int acknowledged, int refused, int crashes, int faults) {}

    /// @throws Violation if a promise did not hold
    static Outcome run(long seed, int acts, Engine engine) {
        var simulation = new Simulation(seed, engine);
        for (int act = 0; act < acts; act++) {
            simulation.act();
            simulation.check();
        }
        return simulation.end();
    }

    private void act() {
        var node = nodes.get(random.nextInt(NODES));
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4, 5, 6 -> as(node, () -> ask(node));
            case 7, 8, 9, 10, 11, 12 -> as(node, () -> node.log.stepNow(random.nextInt(PARTITIONS)));
            case 13, 14, 15, 16, 17 -> as(node, node::follow);
            case 18 -> now = now.plusMillis(random.nextInt(-2_000, 5_000));
            default -> node.die();
        }
    }

    private void as(Node node, Runnable work) {
        var before = acting;
        acting = node;
        try {
            work.run();
        } catch (SimulatedCrash e) {
            node.die();
        } catch (StorageException e) {
            // A step that the store refused is taken again later.
        } finally {
            acting = before;
        }
    }

    /// Asks for something new, or again for what may have been done.
    private void ask(Node node) {
        var unit = !attempts.isEmpty() && random.nextInt(4) == 0
                ? attempts.get(random.nextInt(attempts.size())).unit()
                : unit();
        var attempt = new Attempt(unit, node.log.submit(unit));
        attempts.add(attempt);
        unanswered.add(attempt);
    }

    private Unit unit() {
        var tenant = TENANTS.get(random.nextInt(TENANTS.size()));
        var appends = IntStream.range(0, STREAMS)
                .filter(stream -> random.nextInt(STREAMS) == 0)
                .mapToObj(stream -> append("s" + stream))
                .toList();
        return new Unit(
                new Context(tenant, "simulation", "simulation"),
                appends.isEmpty() ? List.of(append("s0")) : appends,
                List.of(),
                List.of());
    }

    private StreamAppend append(String stream) {
        var expected = switch (random.nextInt(4)) {
            case 0 -> Expected.none();
            case 1 -> Expected.version(random.nextInt(8));
            default -> Expected.any();
        };
        var events = IntStream.rangeClosed(0, random.nextInt(EVENTS_MAX))
                .mapToObj(i -> new NewEvent(
                        new UUID(random.nextLong(), random.nextLong()),
                        TYPE,
                        1,
                        stream,
                        JsonNodeFactory.instance.objectNode(),
                        now,
                        null))
                .toList();
        return new StreamAppend(new StreamId("thing", stream), expected, events);
    }

    /// What may befall a writing node: called by the store at each of its steps.
    private void strike(InMemoryLogStorage.Step step) {
        if (acting == null) {
            return;
        }
        moment();
        if (!calm && random.nextInt(40) == 0) {
            faults++;
            throw new StorageException(kind(step), "Simulated at " + step, new IllegalStateException());
        }
    }

    private StorageException.Kind kind(InMemoryLogStorage.Step step) {
        return switch (step) {
            case BEGIN -> StorageException.Kind.BUSY;
            case INSERT, CHANGE -> random.nextBoolean() ? StorageException.Kind.FULL : StorageException.Kind.BROKEN;
            case BEFORE_COMMIT -> random.nextBoolean() ? StorageException.Kind.UNKNOWN : StorageException.Kind.BROKEN;
            case AFTER_COMMIT -> StorageException.Kind.UNKNOWN;
        };
    }

    /// A moment at which the acting node may be killed.
    private void moment() {
        if (acting == null) {
            return;
        }
        if (!calm && !acting.dead && random.nextInt(100) == 0) {
            acting.dead = true;
        }
        if (acting.dead) {
            throw new SimulatedCrash();
        }
    }

    /// The acting node stands still while others go on.
    private void stall() {
        if (calm || stalled || acting == null || random.nextBoolean()) {
            return;
        }
        stalled = true;
        try {
            for (var other : nodes) {
                if (other != acting && !other.dead) {
                    as(other, () -> ask(other));
                    IntStream.range(0, PARTITIONS).forEach(partition -> as(other, () -> other.log.stepNow(partition)));
                    as(other, other::follow);
                    other.reviveIfDead();
                }
            }
            reader.follow();
        } finally {
            stalled = false;
        }
    }

    private void check() {
        nodes.forEach(Node::reviveIfDead);
        reader.follow();
        unanswered.removeIf(attempt -> {
            if (attempt.outcome().isDone()) {
                checkAcknowledged(attempt);
            }
            return attempt.outcome().isDone();
        });
    }

    private void checkAcknowledged(Attempt attempt) {
        if (attempt.written() instanceof Appended.Written written) {
            for (var append : attempt.unit().appends()) {
                long last = Objects.requireNonNull(written.versions().get(append.stream()));
                long version = last - append.events().size();
                for (var event : append.events()) {
                    if (!reader.has(event.id())) {
                        throw new Violation("Event %s was acknowledged and is lost", event.id());
                    }
                    if (reader.version(event.id()) != ++version) {
                        throw new Violation("Event %s stands elsewhere than was acknowledged", event.id());
                    }
                }
            }
        }
    }

    /// Lets everything come to its end without more trouble, and checks the whole.
    private Outcome end() {
        calm = true;
        boolean busy = true;
        while (busy) {
            busy = false;
            for (var node : nodes) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    acting = node;
                    busy |= node.log.stepNow(partition);
                }
                busy |= node.follow();
                acting = null;
            }
            check();
        }
        reader.requireNothingSkipped();
        nodes.forEach(Node::checkProjection);
        attempts.forEach(this::checkAcknowledged);
        attempts.forEach(this::checkWhole);
        long acknowledged = attempts.stream()
                .filter(attempt -> attempt.written() instanceof Appended.Written)
                .count();
        long refused = attempts.stream()
                .filter(attempt -> attempt.written() instanceof Appended.Conflict)
                .count();
        return new Outcome((int) acknowledged, (int) refused, crashes, faults);
    }

    /// Of a unit there is all or nothing.
    private void checkWhole(Attempt attempt) {
        var ids = attempt.unit().appends().stream()
                .flatMap(append -> append.events().stream())
                .map(NewEvent::id)
                .toList();
        long there = ids.stream().filter(reader::has).count();
        if (there != 0 && there != ids.size()) {
            throw new Violation("Of a unit of %d events %d are in the log", ids.size(), there);
        }
    }

    /// A unit that a client asked for.
    private record Attempt(Unit unit, CompletableFuture<Appended> outcome) {
        /// What its client was told, if anything but a failure.
        @Nullable
        Appended written() {
            return outcome.isDone() && !outcome.isCompletedExceptionally() ? outcome.join() : null;
        }
    }

    /// A process: it loses everything but its disk when it dies, and starts anew from there.
    private final class Node {
        private final SimulatedIndex.Disk disk;
        private EventLog log;
        private ProjectionHost<SimulatedIndex> host;
        private boolean dead;

        Node(SimulatedIndex.Disk disk) {
            this.disk = disk;
            this.log = log();
            this.host = host();
        }

        private EventLog log() {
            return new EventLog(
                    storage,
                    MASTER,
                    List.of(),
                    Upcasters.none(),
                    new Ids(new SimulatedClock(), random),
                    KEYS,
                    EventLogSettings.defaults());
        }

        private ProjectionHost<SimulatedIndex> host() {
            return new ProjectionHost<>(
                    "simulated",
                    log,
                    engine.index(disk, Simulation.this::moment),
                    ProjectionSettings.defaults().batchesOf(2),
                    new SimulatedClock());
        }

        boolean follow() {
            log.doubtHeads();
            return ProjectionSteps.step(host);
        }

        void die() {
            dead = true;
        }

        void reviveIfDead() {
            if (dead) {
                crashes++;
                dead = false;
                log = log();
                host = host();
            }
        }

        void checkProjection() {
            var index = host.current();
            if (!index.streams.equals(reader.streams())) {
                throw new Violation("A projection holds %s, the log %s", index.streams, reader.streams());
            }
        }
    }

    private final class SimulatedClock extends Clock {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
