package io.cairn.server.ops;

import io.cairn.event.EventLog;
import io.cairn.event.Head;
import io.cairn.event.LogStorage;
import io.cairn.event.StorageException;
import io.cairn.follow.FollowerHealth;
import io.cairn.follow.RunningFollower;
import io.cairn.guard.Breaker;
import io.cairn.projection.Projection;
import io.cairn.projection.RunningIndex;
import io.cairn.projection.RunningRows;
import io.cairn.recall.DenseIndex;
import io.cairn.recall.LexicalIndex;
import io.cairn.task.TaskEngine;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Whether each part of this server does its work.
///
/// A projection counts as ready once it has reached the head that the log had at the start. From then on
/// it may lag a little, but neither go stale nor stand still. One on which no promise rests may do all of
/// that: then the server is degraded, and still ready.
public final class Health {
    private static final Duration KEPT = Duration.ofSeconds(5);

    /// The state of one part.
    ///
    /// @param detail what is wrong, or how it stands
    public record Component(
            String name,
            Status status,
            double latencyMs,
            @Nullable String detail,
            Map<String, Long> figures) {
        public Component {
            figures = Map.copyOf(figures);
        }
    }

    /// Whether a part works.
    public enum Status {
        UP,
        /// It does less than it should, while the server keeps what it promises.
        DEGRADED,
        DOWN
    }

    /// All parts at one moment.
    public record Report(Status status, List<Component> components) {
        public Report {
            components = List.copyOf(components);
        }

        static Report of(List<Component> components) {
            var worst = components.stream()
                    .map(Component::status)
                    .max(Comparator.naturalOrder())
                    .orElse(Status.UP);
            return new Report(worst, components);
        }
    }

    private record Kept(Report report, Instant at) {}

    private final EventLog log;
    private final LogStorage asked;
    private final List<Breaker> breakers;
    private final List<RunningFollower> projections;
    private final Promised promised;
    private final Disk disk;
    private final WriteFailures failures;
    private final TaskEngine tasks;
    private final BooleanSupplier warm;
    private final Clock clock;
    private final Map<String, Boolean> caughtUp = new ConcurrentHashMap<>();
    private final List<Head> headsAtStart;
    private final ReentrantLock checking = new ReentrantLock();
    private @Nullable Kept kept;

    /// @param asked how the log's storage does, without trying again
    Health(
            EventLog log,
            LogStorage asked,
            List<Breaker> breakers,
            List<RunningFollower> projections,
            Promised promised,
            Disk disk,
            WriteFailures failures,
            TaskEngine tasks,
            BooleanSupplier warm,
            Clock clock) {
        this.log = log;
        this.asked = asked;
        this.breakers = List.copyOf(breakers);
        this.projections = projections;
        this.promised = promised;
        this.disk = disk;
        this.failures = failures;
        this.tasks = tasks;
        this.warm = warm;
        this.clock = clock;
        this.headsAtStart = log.heads();
    }

    /// As it stands now.
    public Report now() {
        var components = new ArrayList<Component>();
        components.add(timed("storage", this::storage));
        breakers.forEach(breaker -> components.add(timed("breaker:" + breaker.service(), () -> breaker(breaker))));
        components.add(timed("writer", this::writer));
        components.add(timed("disk", this::disk));
        components.add(timed("tasks", () -> tasks(tasks.stuck())));
        components.add(timed("warm-up", this::warmUp));
        projections.forEach(host -> components.add(timed("projection:" + host.name(), () -> projection(host))));
        return Report.of(components);
    }

    /// As it stood within the last few seconds.
    public Report recent() {
        checking.lock();
        try {
            var now = clock.instant();
            var known = kept;
            if (known == null || now.isAfter(known.at().plus(KEPT))) {
                known = new Kept(now(), now);
                kept = known;
            }
            return known.report();
        } finally {
            checking.unlock();
        }
    }

    /// What one check found.
    ///
    /// @param trouble nothing if all is well
    record Finding(Status status, Optional<String> trouble, Map<String, Long> figures) {
        /// @param worst what the trouble amounts to, if there is any
        static Finding of(Status worst, Optional<String> trouble, Map<String, Long> figures) {
            return new Finding(trouble.isEmpty() ? Status.UP : worst, trouble, figures);
        }
    }

    /// A check of one part.
    private interface Check {
        Finding run();
    }

    private static Component timed(String name, Check check) {
        long start = System.nanoTime();
        Finding found;
        try {
            found = check.run();
        } catch (StorageException e) {
            found = Finding.of(Status.DOWN, Optional.of(String.valueOf(e.getMessage())), Map.of());
        }
        double millis = Math.round((System.nanoTime() - start) / 1e3) / 1e3;
        return new Component(name, found.status(), millis, found.trouble().orElse(null), found.figures());
    }

    private Finding storage() {
        var head = asked.<Head>read(snapshot -> snapshot.head(log.partition(Tenant.DEFAULT)));
        return Finding.of(Status.DOWN, Optional.empty(), Map.of("head", head.number()));
    }

    private static Finding breaker(Breaker breaker) {
        var trouble = switch (breaker.state()) {
            case CLOSED -> Optional.<String>empty();
            case HALF_OPEN -> Optional.of("It failed several times in a row; the next who asks will see how it does");
            case OPEN -> Optional.of("It failed several times in a row and is left alone for a while");
        };
        return Finding.of(Status.DEGRADED, trouble, Map.of("refused", breaker.refused()));
    }

    private Finding writer() {
        long waiting = log.waiting();
        var figures = Map.of("waiting", waiting);
        return waiting >= log.settings().waitingMax()
                ? Finding.of(Status.DOWN, Optional.of("As many units of work wait as may"), figures)
                : Finding.of(Status.DEGRADED, failures.last().map(what -> "The last write failed: " + what), figures);
    }

    private Finding disk() {
        var figures = Map.of("free_bytes", disk.freeBytes(), "free_bytes_min", disk.freeBytesMin());
        return Finding.of(
                Status.DEGRADED,
                disk.freeBytes() >= disk.freeBytesMin()
                        ? Optional.empty()
                        : Optional.of("Little room is left; once there is none, what is sent is refused"),
                figures);
    }

    /// Nothing but an end of the process frees such threads.
    static Finding tasks(int stuck) {
        return Finding.of(
                Status.DEGRADED,
                stuck < TaskEngine.STUCK_MAX
                        ? Optional.empty()
                        : Optional.of("As many attempts as may do not end, though they were interrupted; further ones "
                                + "keep their places in their lanes. Mend their handlers and start the process anew"),
                Map.of("stuck", (long) stuck, "stuck_max", (long) TaskEngine.STUCK_MAX));
    }

    private Finding warmUp() {
        return Finding.of(
                Status.DOWN,
                warm.getAsBoolean() ? Optional.empty() : Optional.of("It has not answered its first question yet"),
                Map.of());
    }

    private Finding projection(RunningFollower host) {
        var health = host.health();
        var figures = new HashMap<>(Map.of("position", health.events(), "events_behind", health.eventsBehind()));
        passages(host).ifPresent(passages -> figures.put("passages", passages));
        boolean caughtUp = hasCaughtUp(host.name(), health);
        boolean needed = promised.by(host.name()) || host instanceof RunningRows && !caughtUp;
        return Finding.of(
                worst(needed, health.failure(), disk.isFull()),
                resting(host).or(() -> trouble(health, caughtUp)),
                figures);
    }

    /// Whether it has seen since the start what the log held then. Until then the rows of a user's own projection are
    /// those of another release or none, so that requests belong to another node.
    private boolean hasCaughtUp(String name, FollowerHealth health) {
        boolean caught = health.eventsBehind() >= 0
                && headsAtStart.stream().allMatch(head -> health.position(head.partition()) >= head.number());
        return caughtUp.merge(name, caught, Boolean::logicalOr);
    }

    /// How bad a projection's trouble is. On a full disk nothing new is acknowledged, so that it finds all there is: a
    /// balancer must not take away the reading that goes on.
    static Status worst(boolean needed, Optional<String> failure, boolean diskFull) {
        boolean noRoom = failure.filter(why -> diskFull || why.contains("No space left on device"))
                .isPresent();
        return needed && !noRoom ? Status.DOWN : Status.DEGRADED;
    }

    private static OptionalLong passages(RunningFollower running) {
        return running instanceof RunningIndex<?> host ? passages(host.current()) : OptionalLong.empty();
    }

    private static OptionalLong passages(Projection projection) {
        return switch (projection) {
            case LexicalIndex words -> OptionalLong.of(words.passages());
            case DenseIndex meanings -> OptionalLong.of(meanings.passages());
            default -> OptionalLong.empty();
        };
    }

    private static Optional<String> resting(RunningFollower running) {
        return running instanceof RunningIndex<?> host && host.current().rests()
                ? Optional.of(
                        "The model by which it was made cannot be run here, so that words answer alone; `cairn models`"
                                + " says what to do")
                : Optional.empty();
    }

    private Optional<String> trouble(FollowerHealth health, boolean hasCaughtUp) {
        if (health.failure().isPresent()) {
            return Optional.of("It cannot go on: " + health.failure().get());
        }
        if (hasCaughtUp) {
            if (!health.advancing()) {
                return Optional.of("It is behind and does not advance");
            }
            return health.stale() ? Optional.of("It is too far behind") : Optional.empty();
        }
        long wanted = headsAtStart.stream().mapToLong(Head::number).sum();
        return Optional.of("It has not caught up yet: %d of %d".formatted(health.events(), wanted));
    }
}
