package io.cairn.projection;

import io.cairn.event.EventLog;
import io.cairn.event.Head;
import io.cairn.follow.Assignment;
import io.cairn.follow.Checkpoint;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.FollowerHealth;
import io.cairn.follow.FollowerStatus;
import io.cairn.follow.LeasedFollower;
import io.cairn.projection.GenerationRows.Generation;
import io.cairn.projection.Succession.Place;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;

/// The generations of a row projection as this node sees them, and follows those of its own version.
///
/// Only one thread at a time changes it; any may look.
final class FollowedRows {
    private static final System.Logger LOG = System.getLogger(FollowedRows.class.getName());

    /// A switch of generations, which holds all writers up, may leave at most so many events to apply.
    private static final long LEFT_MAX = 500;

    private final RowProjection projection;
    private final EventLog log;
    private final Assignment assignment;
    private final RowGenerations generations;
    private final FollowSettings settings;
    private final Clock clock;
    private final Map<Followed, LeasedFollower> followers = new HashMap<>();
    private volatile Seen seen = Seen.NOTHING;

    /// A generation is followed where it stands: in another place its tables have other names.
    private record Followed(int number, Place place) {}

    /// What this node last saw.
    ///
    /// @param own whether this node's version made the current one, so that readers here can read it
    /// @param applied positions by partition, of the current generation
    /// @param building positions by partition, of the next generation
    private record Seen(
            Optional<Generation> current,
            boolean own,
            Optional<Generation> next,
            Map<Integer, Long> applied,
            Map<Integer, Long> building) {
        static final Seen NOTHING = new Seen(Optional.empty(), false, Optional.empty(), Map.of(), Map.of());

        /// The position that readers see here, who read only what their own version made.
        long visible(int partition) {
            return own ? applied.getOrDefault(partition, 0L) : 0;
        }

        /// How far the next generation is, given the heads.
        Optional<FollowerHealth.Rebuild> progress(List<Head> heads) {
            return next.map(built -> new FollowerHealth.Rebuild(
                    built.number(),
                    heads.stream()
                            .mapToLong(head -> building.getOrDefault(head.partition(), 0L))
                            .sum(),
                    heads.stream().mapToLong(Head::number).sum()));
        }

        /// Events that the current generation has taken in and the next one has not.
        long left() {
            return applied.entrySet().stream()
                    .mapToLong(entry -> Math.max(0, entry.getValue() - building.getOrDefault(entry.getKey(), 0L)))
                    .sum();
        }
    }

    /// Generations and checkpoints as of one moment: if a generation were given up between two reads, its
    /// checkpoint would be missing.
    private record Looked(Succession<Generation> known, List<Checkpoint> checkpoints) {}

    FollowedRows(
            RowProjection projection,
            EventLog log,
            Assignment assignment,
            RowGenerations generations,
            FollowSettings settings,
            Clock clock) {
        this.projection = projection;
        this.log = log;
        this.assignment = assignment;
        this.generations = generations;
        this.settings = settings;
        this.clock = clock;
    }

    /// One batch of each partition that this node holds, of each generation that it follows. Then it looks how far the
    /// others have come.
    ///
    /// @return whether there was anything to do
    boolean step() {
        boolean busy = false;
        for (var follower : List.copyOf(followers.values())) {
            busy |= follower.step();
        }
        look();
        return switchIfReady() || busy;
    }

    /// Looks what there is and how far it is, and follows what this node is to follow.
    void look() {
        var name = projection.name();
        var looked =
                log.<Looked>read(Tenant.CAIRN, view -> new Looked(generations.known(view), Checkpoint.all(view, name)));
        var current = generations.current(looked.known());
        var next = looked.known().next();
        boolean own = generations.own(current);
        seen = new Seen(
                Optional.of(current),
                own,
                next,
                positions(looked.checkpoints(), current),
                next.map(built -> positions(looked.checkpoints(), built)).orElse(Map.of()));
        var wanted = new HashSet<Followed>();
        if (own) {
            wanted.add(new Followed(current.number(), Place.CURRENT));
        }
        next.filter(generations::own).ifPresent(built -> wanted.add(new Followed(built.number(), Place.NEXT)));
        follow(wanted);
    }

    private static Map<Integer, Long> positions(List<Checkpoint> checkpoints, Generation generation) {
        var positions = new HashMap<Integer, Long>();
        checkpoints.stream()
                .filter(checkpoint -> checkpoint.generation() == generation.number())
                .forEach(checkpoint -> positions.put(checkpoint.partition(), checkpoint.position()));
        return positions;
    }

    private void follow(Set<Followed> wanted) {
        followers.forEach((followed, follower) -> {
            if (!wanted.contains(followed)) {
                follower.end();
            }
        });
        followers.keySet().retainAll(wanted);
        wanted.forEach(each -> followers.computeIfAbsent(each, this::follower));
    }

    private LeasedFollower follower(Followed followed) {
        var work = new RowGeneration(projection, followed.number(), followed.place()).work();
        return new LeasedFollower(log, work, assignment, settings, clock);
    }

    /// Switches generations on one of the nodes: the one that holds the first partition.
    private boolean switchIfReady() {
        var next = seen.next().flatMap(built -> follower(built.number(), Place.NEXT));
        if (next.isEmpty() || !assignment.holds(0) || seen.left() > LEFT_MAX) {
            return false;
        }
        var name = projection.name();
        int number = seen.next().orElseThrow().number();
        boolean switched = generations.promote(number, (transaction, from, to) -> {
            for (int partition = 0; partition < log.partitions(); partition++) {
                long reached = Checkpoint.read(transaction, name, from.number(), partition)
                        .position();
                next.get().catchUp(transaction, partition, reached);
            }
        });
        if (switched) {
            LOG.log(System.Logger.Level.INFO, "Projection %s switched to generation %d".formatted(name, number));
        }
        look();
        return switched;
    }

    private Optional<LeasedFollower> follower(int number, Place place) {
        return Optional.ofNullable(followers.get(new Followed(number, place)));
    }

    /// The follower of the current generation, if this node's version made it.
    Optional<LeasedFollower> ofCurrent() {
        return seen.current().flatMap(current -> follower(current.number(), Place.CURRENT));
    }

    /// One for what operators do with the current generation, whichever version made it.
    LeasedFollower following(Generation current) {
        return follower(new Followed(current.number(), Place.CURRENT));
    }

    /// The current generation as it was last seen.
    Optional<Generation> current() {
        return seen.current();
    }

    /// The position that readers see.
    long visible(int partition) {
        return seen.visible(partition);
    }

    /// Waits for more where this node follows the current generation, or builds the next one.
    void awaitMore() throws InterruptedException {
        var known = seen;
        assignment.awaitMore(
                partition -> known.own() ? known.visible(partition) : Long.MAX_VALUE,
                known.next().isPresent(),
                settings.commitEvery());
    }

    FollowerHealth health(FollowerStatus status, IntPredicate partitions) {
        var known = seen;
        return status.health(
                partitions, known.current().map(Generation::number).orElse(0), known::visible, known::progress);
    }

    /// Ends what goes on in other threads.
    void end() {
        followers.values().forEach(LeasedFollower::end);
    }
}
