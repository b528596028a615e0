package io.cairn.simulation;

import io.cairn.event.EventLog;
import io.cairn.event.EventSteps;
import io.cairn.event.Ids;
import io.cairn.event.InlineProjection;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.RunningReaction;
import io.cairn.lease.LeaseSettings;
import io.cairn.lease.Leases;
import io.cairn.lease.Share;
import io.cairn.projection.Generations.Generation;
import io.cairn.projection.RowProjection;
import io.cairn.projection.RunningIndex;
import io.cairn.projection.RunningRows;
import io.cairn.seal.MasterKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A process: it loses everything but its disk when it dies, and starts anew from there.
final class Node {
    private static final MasterKey MASTER = new MasterKey(new byte[MasterKey.BYTES]);
    private static final SecureRandom KEYS = new SecureRandom();

    private static final FollowSettings BATCHES = FollowSettings.defaults().batchesOf(2);
    private static final LeaseSettings LEASES = new LeaseSettings(Duration.ofSeconds(1));
    static final String PROJECTION = "simulated";

    private final String name;
    private final World world;
    private final SimulatedDisk disk;
    private final SimulatedClock clock;
    private @Nullable Life life;
    private boolean dead;
    private int deaths;

    /// What is gone when it dies.
    private static final class Life {
        final EventLog log;
        final SimulatedGenerations generations;
        final RunningIndex<SimulatedIndex> host;
        final Leases leases;
        final Share share;
        final int version;
        final RunningRows shared;
        final List<RunningReaction> reactions;
        private EventSteps.@Nullable Rebuild rebuild;

        /// @param name of this life alone
        Life(String name, EventLog log, SimulatedGenerations generations, SimulatedClock clock, RowProjection rows) {
            this.leases = new Leases(log, name, LEASES, clock::nanos);
            this.share = leases.share(Tally.NAME, World.PARTITIONS);
            this.version = rows.version();
            this.shared = new RunningRows(rows, log, leases, BATCHES, clock);
            this.log = log;
            this.generations = generations;
            this.reactions = World.FEATURES.reactions().stream()
                    .map(reaction -> new RunningReaction(reaction, log, leases, BATCHES, clock))
                    .toList();
            this.host = new RunningIndex<>(PROJECTION, log, generations, BATCHES, clock);
        }
    }

    Node(String name, World world) {
        this.name = name;
        this.world = world;
        this.disk = new SimulatedDisk(name);
        this.clock = new SimulatedClock(world.chance().between(80, 121));
    }

    String name() {
        return name;
    }

    /// Under which name its projection keeps what it has put aside.
    String projection() {
        return PROJECTION + "@" + name;
    }

    SimulatedClock clock() {
        return clock;
    }

    private Life life() {
        if (life == null) {
            var ids = new Ids(clock, world.chance().random());
            var alone = "%s-%d".formatted(name, deaths);
            var rows = new SharedVersions(world.poison(), world.releases().latest());
            var storage = world.engine().believed(new HoldersOnly(world.storage(), alone, rows.version()));
            var log = EventSteps.log(storage, MASTER, inline(), ids, KEYS, clock::nanos);
            life = new Life(alone, log, new SimulatedGenerations(disk, world), clock, rows);
        }
        return life;
    }

    private static List<InlineProjection> inline() {
        return Stream.concat(Stream.of(new Things()), World.FEATURES.inline().stream())
                .toList();
    }

    EventLog log() {
        return life().log;
    }

    Leases leases() {
        return life().leases;
    }

    /// Of the partitions in which there is something to count.
    Share share() {
        return life().share;
    }

    /// Of the shared projection.
    int version() {
        return life().version;
    }

    RunningRows shared() {
        return life().shared;
    }

    /// Of the features.
    List<RunningReaction> reactions() {
        return life().reactions;
    }

    RunningIndex<SimulatedIndex> host() {
        return life().host;
    }

    Stream<Generation<SimulatedIndex>> generations() {
        var generations = life().generations;
        return Stream.concat(Stream.of(generations.current()), generations.next().stream());
    }

    Optional<EventSteps.Rebuild> rebuild() {
        return Optional.ofNullable(life().rebuild);
    }

    void rebuild(EventSteps.@Nullable Rebuild underWay) {
        life().rebuild = underWay;
    }

    boolean dead() {
        return dead;
    }

    int deaths() {
        return deaths;
    }

    void die() {
        if (!dead) {
            dead = true;
            deaths++;
            world.trace().note("%s dies", name);
        }
    }

    void reviveIfDead() {
        if (dead) {
            dead = false;
            life = null;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
