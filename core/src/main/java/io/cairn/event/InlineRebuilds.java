package io.cairn.event;

import io.cairn.batch.BatchProgress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Rebuilds of the projections that commit with the events, one at a time, while others append.
public final class InlineRebuilds implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(InlineRebuilds.class.getName());

    /// What became of the wish to rebuild a projection.
    public sealed interface Begun {
        /// It has begun.
        ///
        /// @param generation the number of the tables that are built, counted from the start of this
        ///     process
        record Started(int generation) implements Begun {}

        /// Another one is under way.
        record Busy(String projection) implements Begun {}
    }

    /// How a projection's tables stand.
    ///
    /// @param generation counted from the start of this process
    /// @param rebuilding how far a rebuild is that is under way
    /// @param failure of the last rebuild
    public record State(int generation, Optional<Progress> rebuilding, Optional<String> failure) {}

    /// @param done events that were applied
    public record Progress(long done, long total) {}

    private final LogStorage storage;
    private final Sealing sealing;
    private final Ids ids;
    private final Map<String, InlineProjection> projections = new HashMap<>();
    private final List<String> names;
    private final Map<String, State> states = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean stopping = new AtomicBoolean();
    private @Nullable String running;
    private @Nullable Thread thread;

    InlineRebuilds(LogStorage storage, Sealing sealing, Ids ids, List<InlineProjection> inline) {
        this.storage = storage;
        this.sealing = sealing;
        this.ids = ids;
        this.names = inline.stream().map(InlineProjection::name).toList();
        inline.forEach(projection -> {
            projections.put(projection.name(), projection);
            states.put(projection.name(), new State(1, Optional.empty(), Optional.empty()));
        });
    }

    public List<String> names() {
        return names;
    }

    public State state(String name) {
        lock.lock();
        try {
            return known(name);
        } finally {
            lock.unlock();
        }
    }

    /// Begins a rebuild in a thread of its own.
    public Begun begin(String name) {
        lock.lock();
        try {
            var state = known(name);
            if (running != null) {
                return new Begun.Busy(running);
            }
            running = name;
            states.put(name, new State(state.generation(), Optional.of(new Progress(0, 0)), Optional.empty()));
            thread = Thread.ofPlatform()
                    .name("cairn-rebuild-" + name)
                    .daemon(true)
                    .start(() -> inBackground(name));
            return new Begun.Started(state.generation() + 1);
        } finally {
            lock.unlock();
        }
    }

    /// What fails is told in the state: the old tables stay in use.
    private void inBackground(String name) {
        try {
            run(name);
        } catch (CancellationException e) {
            settle(name, 0, Optional.of("The log was closed"));
            LOG.log(System.Logger.Level.INFO, "The rebuild of %s ended with the log".formatted(name));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "The rebuild of %s failed; its old tables stay".formatted(name), e);
            settle(name, 0, Optional.of(e.toString()));
        } finally {
            lock.lock();
            running = null;
            lock.unlock();
        }
    }

    /// Rebuilds on the calling thread.
    void run(String name) {
        var rebuild = prepare(name);
        var progress = new BatchProgress("rebuild of " + name, ids.clock());
        rebuild.begin();
        long left;
        do {
            if (stopping.get()) {
                throw new CancellationException("The log is being closed");
            }
            long before = rebuild.done();
            left = rebuild.step();
            progress.batch(rebuild.done() - before, 0, left);
            reached(name, new Progress(rebuild.done(), rebuild.done() + left));
        } while (!rebuild.ready(left));
        rebuild.finish();
        progress.end();
        settle(name, 1, Optional.empty());
        LOG.log(
                System.Logger.Level.INFO,
                "The tables of %s were rebuilt from %d events and replaced".formatted(name, rebuild.done()));
    }

    InlineRebuild prepare(String name) {
        return new InlineRebuild(storage, sealing, required(name), ids.next());
    }

    private void reached(String name, Progress progress) {
        lock.lock();
        try {
            states.computeIfPresent(
                    name, (same, state) -> new State(state.generation(), Optional.of(progress), Optional.empty()));
        } finally {
            lock.unlock();
        }
    }

    private void settle(String name, int generations, Optional<String> failure) {
        lock.lock();
        try {
            states.computeIfPresent(
                    name, (same, state) -> new State(state.generation() + generations, Optional.empty(), failure));
        } finally {
            lock.unlock();
        }
    }

    private State known(String name) {
        return Objects.requireNonNull(states.get(required(name).name()));
    }

    private InlineProjection required(String name) {
        var found = projections.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "There is no inline projection '%s'; there are: %s".formatted(name, names));
        }
        return found;
    }

    /// Ends a rebuild that is under way; the old tables stay in use.
    @Override
    public void close() {
        stopping.set(true);
        Thread waited;
        lock.lock();
        try {
            waited = thread;
        } finally {
            lock.unlock();
        }
        if (waited != null) {
            try {
                waited.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
