package io.cairn.aggregate;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.Snapshot;
import io.cairn.event.Snapshots.Found;
import io.cairn.event.StreamId;
import io.cairn.event.TenantView;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads what has happened to an aggregate, from its newest usable snapshot on and page by page.
///
/// Each page is a read of its own. A stream only grows, so pages fit together whatever is appended between them,
/// and no database has to keep one moment for as long as a long stream takes.
final class History<E, S> {
    private static final System.Logger LOG = System.getLogger(History.class.getName());

    private final EventLog log;
    private final Decider<?, E, S> decider;
    private final Codec<E, S> codec;
    private final int pageEvents;
    private final SnapshotCounters counters;

    History(EventLog log, Decider<?, E, S> decider, Codec<E, S> codec, int pageEvents, SnapshotCounters counters) {
        this.log = log;
        this.decider = decider;
        this.codec = codec;
        this.pageEvents = pageEvents;
        this.counters = counters;
    }

    private record Begun<E, S>(Fold<E, S> fold, List<Event> page) {}

    Folded<S> read(Tenant tenant, StreamId stream) {
        var begun = log.read(tenant, view -> {
            var from = snapshot(view, stream).orElseGet(this::beginning);
            return new Begun<>(new Fold<>(decider, codec, from), view.stream(stream, from.version(), pageEvents));
        });
        return finished(tenant, stream, begun);
    }

    /// The state after the events that came since.
    Folded<S> readOn(Tenant tenant, StreamId stream, Folded<S> from) {
        var page = log.read(tenant, view -> view.stream(stream, from.version(), pageEvents));
        return finished(tenant, stream, new Begun<>(new Fold<>(decider, codec, from), page));
    }

    private Folded<S> finished(Tenant tenant, StreamId stream, Begun<E, S> begun) {
        var page = begun.page();
        page.forEach(begun.fold()::add);
        while (page.size() == pageEvents) {
            long reached = page.getLast().version();
            page = log.read(tenant, view -> view.stream(stream, reached, pageEvents));
            page.forEach(begun.fold()::add);
        }
        return begun.fold().folded();
    }

    private Folded<S> beginning() {
        return new Folded<>(decider.initial(), 0, null, Set.of(), 0);
    }

    private Optional<Folded<S>> snapshot(TenantView view, StreamId stream) {
        return switch (view.snapshot(stream, decider.stateVersion())) {
            case Found.None none -> Optional.empty();
            case Found.Forgotten forgotten -> discarded(stream, "a subject in it was forgotten", null);
            case Found.Broken(var cause) -> discarded(stream, "it is broken", cause);
            case Found.Usable(var snapshot) -> restored(view, snapshot);
        };
    }

    private Optional<Folded<S>> restored(TenantView view, Snapshot snapshot) {
        var stream = snapshot.stream();
        var last = view.stream(stream, snapshot.version() - 1, 1);
        if (last.isEmpty() || !last.getFirst().id().equals(snapshot.lastEvent())) {
            return discarded(stream, "the log does not have its last event", null);
        }
        try {
            var state = codec.decodeState(snapshot.state());
            counters.used.increment();
            return Optional.of(new Folded<>(state, snapshot.version(), snapshot.lastEvent(), snapshot.keys(), 0));
        } catch (RuntimeException e) {
            return discarded(stream, "it is no state of '%s' any more".formatted(decider.name()), e);
        }
    }

    /// A snapshot that cannot be used is no failure: the log has everything that is in it.
    private Optional<Folded<S>> discarded(StreamId stream, String why, @Nullable Exception cause) {
        counters.discarded.increment();
        LOG.log(
                cause == null ? System.Logger.Level.INFO : System.Logger.Level.WARNING,
                "The snapshot of %s is not used: %s; the stream is read from its beginning".formatted(stream, why),
                cause);
        return Optional.empty();
    }
}
