package io.cairn.projection;

import io.cairn.event.EventLog;
import io.cairn.event.Head;
import io.cairn.follow.Assignment;
import io.cairn.follow.Checkpoint;
import io.cairn.follow.FollowSettings;
import io.cairn.follow.FollowerHealth;
import io.cairn.follow.FollowerLoop;
import io.cairn.follow.FollowerStatus;
import io.cairn.follow.LeasedFollower;
import io.cairn.follow.Parked;
import io.cairn.follow.ParkedKeys;
import io.cairn.follow.Skipped;
import io.cairn.guard.Loop;
import io.cairn.lease.Leases;
import io.cairn.projection.RowGenerations.Generation;
import io.cairn.projection.RowGenerations.Place;
import io.cairn.row.Table;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A row projection that runs on this node together with the other nodes, in the log's database. The one node that
/// holds a partition's lease follows it, in the current generation and in the next one while that is built. Every
/// node can tell how far each partition is.
public final class RunningRows implements RunningProjection {
    private static final System.Logger LOG = System.getLogger(RunningRows.class.getName());

    /// A switch of generations, which holds all writers up, may leave at most so many events to apply.
    private static final long LEFT_MAX = 500;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,39}");
    private static final Pattern TABLE_NAME = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    private static final int TABLE_NAME_MAX = 40;

    private final String name;
    private final RowProjection projection;
    private final EventLog log;
    private final Leases leases;
    private final Assignment assignment;
    private final RowGenerations generations;
    private final FollowSettings settings;
    private final Clock clock;
    private final FollowerStatus status;
    private final Map<Generation, LeasedFollower> followers = new HashMap<>();
    private final ReentrantLock applying = new ReentrantLock();
    private boolean opened;
    private volatile Seen seen = Seen.NOTHING;
    private @Nullable Loop thread;

    /// What this node last saw of the generations.
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

        long visible(int partition) {
            return own ? applied.getOrDefault(partition, 0L) : 0;
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
    private record Looked(RowGenerations.Known known, List<Checkpoint> checkpoints) {}

    public RunningRows(RowProjection projection, EventLog log, Leases leases, FollowSettings settings, Clock clock) {
        check(projection);
        this.name = projection.name();
        this.projection = projection;
        this.log = log;
        this.leases = leases;
        this.assignment = Assignment.of(log, leases.share(leaseName(projection.version()), log.partitions()));
        this.generations = new RowGenerations(log, projection);
        this.settings = settings;
        this.clock = clock;
        this.status = new FollowerStatus(name, log, settings, clock);
    }

    private static void check(RowProjection projection) {
        if (!NAME.matcher(projection.name()).matches()) {
            throw new IllegalArgumentException(
                    "A projection is named with up to 40 lower-case letters, digits and hyphens, not '%s'"
                            .formatted(projection.name()));
        }
        if (projection.version() < 1 || projection.tables().isEmpty()) {
            throw new IllegalArgumentException(
                    "Projection %s has a version from 1 and at least one table".formatted(projection.name()));
        }
        for (var table : projection.tables()) {
            var names = Stream.concat(
                    Stream.of(table.name()), table.columns().stream().map(Table.Column::name));
            names.filter(each -> each.length() > TABLE_NAME_MAX
                            || !TABLE_NAME.matcher(each).matches())
                    .forEach(each -> {
                        throw new IllegalArgumentException(
                                "Tables and columns of projection %s are named with up to 40 lower-case letters, digits and single underscores, not '%s'"
                                        .formatted(projection.name(), each));
                    });
            if (table.kind() != Table.Kind.DERIVED) {
                throw new IllegalArgumentException("Table %s of projection %s is %s, not derived from the log"
                        .formatted(table.name(), projection.name(), table.kind()));
            }
        }
    }

    /// The tables in which the generations are kept, besides those of every [follower][RunningFollower#tables()].
    public static List<Table> tables() {
        return List.of(RowGenerations.TABLE);
    }

    /// Starts to follow the log in a thread of its own.
    public RunningRows start() {
        thread = FollowerLoop.start(
                "cairn-" + name,
                new FollowerLoop.Steps() {
                    @Override
                    public String name() {
                        return "Projection " + name;
                    }

                    @Override
                    public boolean step() {
                        return RunningRows.this.step();
                    }

                    @Override
                    public void awaitMore() throws InterruptedException {
                        RunningRows.this.awaitMore();
                    }
                },
                log);
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    /// Takes and gives back partitions as is due, applies one batch of each that is held, and looks how far the others
    /// have come.
    ///
    /// @return whether there was anything to do
    public boolean step() {
        applying.lock();
        try {
            open();
            assignment.step();
            boolean busy = false;
            for (var follower : List.copyOf(followers.values())) {
                busy |= follower.step();
            }
            look();
            busy |= switchIfReady();
            status.ran();
            return busy;
        } catch (RuntimeException e) {
            assignment.doubt();
            status.failed(e);
            throw e;
        } finally {
            applying.unlock();
            status.stepped(this::visible);
        }
    }

    private void open() {
        if (!opened) {
            generations.open();
            look();
            opened = true;
        }
    }

    private void look() {
        var looked =
                log.<Looked>read(Tenant.CAIRN, view -> new Looked(generations.known(view), Checkpoint.all(view, name)));
        var known = looked.known();
        var checkpoints = looked.checkpoints();
        var current = generations.current(known);
        var next = known.at(Place.NEXT);
        boolean own = generations.own(current);
        seen = new Seen(
                Optional.of(current),
                own,
                next,
                positions(checkpoints, current),
                next.map(building -> positions(checkpoints, building)).orElse(Map.of()));
        follow(own ? Optional.of(current) : Optional.empty(), next.filter(generations::own));
    }

    private static Map<Integer, Long> positions(List<Checkpoint> checkpoints, Generation generation) {
        var positions = new HashMap<Integer, Long>();
        checkpoints.stream()
                .filter(checkpoint -> checkpoint.generation() == generation.number())
                .forEach(checkpoint -> positions.put(checkpoint.partition(), checkpoint.position()));
        return positions;
    }

    private void follow(Optional<Generation> current, Optional<Generation> next) {
        var wanted = new ArrayList<Generation>();
        current.ifPresent(wanted::add);
        next.ifPresent(wanted::add);
        followers.forEach((generation, follower) -> {
            if (!wanted.contains(generation)) {
                follower.end();
            }
        });
        followers.keySet().retainAll(wanted);
        wanted.forEach(generation -> followers.computeIfAbsent(generation, this::follower));
    }

    /// Switches generations on one of the nodes: the one that holds the first partition.
    private boolean switchIfReady() {
        var next = seen.next().filter(followers::containsKey);
        if (next.isEmpty() || !assignment.holds(0) || seen.left() > LEFT_MAX) {
            return false;
        }
        int number = next.get().number();
        boolean switched = generations.promote(number, (transaction, from, to) -> {
            var follower = Objects.requireNonNull(followers.get(to));
            for (int partition = 0; partition < log.partitions(); partition++) {
                long reached = Checkpoint.read(transaction, name, from.number(), partition)
                        .position();
                follower.catchUp(transaction, partition, reached);
            }
        });
        if (switched) {
            LOG.log(System.Logger.Level.INFO, "Projection %s switched to generation %d".formatted(name, number));
        }
        look();
        return switched;
    }

    private void awaitMore() throws InterruptedException {
        var known = seen;
        assignment.awaitMore(
                partition -> known.own() ? known.visible(partition) : Long.MAX_VALUE,
                known.next().isPresent(),
                settings.commitEvery());
    }

    /// The position that readers see.
    public long visible(int partition) {
        return seen.visible(partition);
    }

    /// Whether this node holds a partition.
    boolean holds(int partition) {
        return assignment.holds(partition);
    }

    /// Waits until readers see the position of a partition, whichever node applies it.
    ///
    /// @return whether they do
    @Override
    public boolean awaitVisible(int partition, long position, Duration timeMax) throws InterruptedException {
        return status.awaitVisible(this::visible, partition, position, timeMax);
    }

    @Override
    public int rebuild() {
        applying.lock();
        try {
            open();
            int number = generations.begin();
            look();
            return number;
        } finally {
            applying.unlock();
            log.nudge();
        }
    }

    @Override
    public RolledBack rollback() {
        applying.lock();
        try {
            open();
            var refusal = generations.noWayBack();
            if (refusal.isPresent()) {
                return new RolledBack.Refused(refusal.get());
            }
            var revived = generations.revive();
            look();
            return revived.isPresent()
                    ? new RolledBack.Begun(revived.getAsInt())
                    : new RolledBack.Refused("Another generation of %s was begun just now".formatted(name));
        } finally {
            applying.unlock();
            log.nudge();
        }
    }

    @Override
    public List<Parked> parked(Tenant tenant, @Nullable String afterKey, int limit) {
        return parked().map(parked -> parked.list(tenant, afterKey, limit)).orElse(List.of());
    }

    @Override
    public long parkedCount(Tenant tenant) {
        return parked().map(parked -> parked.count(tenant)).orElse(0L);
    }

    private Optional<ParkedKeys> parked() {
        return seen.current()
                .or(() -> generations.known().at(Place.CURRENT))
                .map(current -> new ParkedKeys(log, name, current.number()));
    }

    /// Applies what waits in parked streams again; a generation of another version is left alone.
    @Override
    public int retry(Tenant tenant, @Nullable String key) {
        applying.lock();
        try {
            open();
            look();
            var follower = seen.current().map(followers::get);
            var waiting = parked(tenant, null, Integer.MAX_VALUE).stream()
                    .map(Parked::key)
                    .filter(waits -> key == null || waits.equals(key))
                    .toList();
            if (follower.isEmpty() || waiting.isEmpty()) {
                return 0;
            }
            var lease = assignment.seize(log.partition(tenant)).orElseThrow();
            return (int) waiting.stream()
                    .filter(waits -> follower.get().retry(lease, tenant, waits))
                    .count();
        } finally {
            applying.unlock();
        }
    }

    @Override
    public Skipped skip(Context context, String key) {
        applying.lock();
        try {
            open();
            look();
            return seen.current()
                    .<Skipped>map(current -> skip(current, context, key))
                    .orElseGet(Skipped.NotParked::new);
        } finally {
            applying.unlock();
        }
    }

    private Skipped skip(Generation current, Context context, String key) {
        int partition = log.partition(context.tenant());
        var own = followers.get(current);
        return own == null
                ? skipForAnotherVersion(current, context, key, partition)
                : own.skip(assignment.seize(partition).orElseThrow(), context, key);
    }

    /// Skips under the lease of another version, whose nodes get the lease back at once.
    private Skipped skipForAnotherVersion(Generation current, Context context, String key, int partition) {
        var lease = leases.seize(leaseName(current.version()), partition);
        try {
            return follower(current).skip(lease, context, key);
        } finally {
            leases.release(lease);
        }
    }

    private LeasedFollower follower(Generation generation) {
        return new LeasedFollower(log, new RowGeneration(projection, generation).work(), assignment, settings, clock);
    }

    private String leaseName(int version) {
        return "projection:%s:%d".formatted(name, version);
    }

    @Override
    public FollowerHealth health() {
        var known = seen;
        return status.health(
                known.current().map(Generation::number).orElse(0),
                known::visible,
                heads -> known.next()
                        .map(next -> new FollowerHealth.Rebuild(
                                next.number(),
                                known.building().values().stream()
                                        .mapToLong(Long::longValue)
                                        .sum(),
                                heads.stream().mapToLong(Head::number).sum())));
    }

    /// Gives its partitions back, so that other nodes take them without waiting.
    @Override
    public void close() {
        if (thread != null) {
            thread.close();
        }
        applying.lock();
        try {
            followers.values().forEach(LeasedFollower::end);
            assignment.close();
        } finally {
            applying.unlock();
        }
    }
}
