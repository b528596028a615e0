package io.cairn.aggregate;

import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.Expected;
import io.cairn.event.NewEvent;
import io.cairn.event.Position;
import io.cairn.event.Recorded;
import io.cairn.event.Snapshot;
import io.cairn.event.Snapshots.Kept;
import io.cairn.event.StorageException;
import io.cairn.event.StreamAppend;
import io.cairn.event.StreamId;
import io.cairn.event.Unit;
import io.cairn.row.RowChange;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The aggregates of one kind: each a stream whose events decide what may happen to it next.
///
/// A command is decided on the state that was read, and its events are written on condition that the stream has not
/// grown since. Where somebody else was faster, the new events are read, and the command is decided again.
///
/// **Snapshots.** A reader that had to read `snapshotEvery` events keeps the state that they add up to. It keeps
/// the state before the decision: all of its events are in the log, so the keys under which they were sealed are
/// known. The snapshot commits in the unit of work of the decision's events, so it costs no flush of its own. The
/// next decision reads the snapshot and the few events after it. A mere reading has no unit of work, and makes one
/// for the snapshot.
public final class Aggregates<C, E, S> {
    private static final System.Logger LOG = System.getLogger(Aggregates.class.getName());

    private final EventLog log;
    private final Decider<C, E, S> decider;
    private final Codec<E, S> codec;
    private final Clock clock;
    private final AggregateSettings settings;
    private final SnapshotCounters counters = new SnapshotCounters();
    private final History<E, S> history;

    public Aggregates(EventLog log, Decider<C, E, S> decider, Codec<E, S> codec, Clock clock) {
        this(log, decider, codec, clock, AggregateSettings.defaults());
    }

    public Aggregates(
            EventLog log, Decider<C, E, S> decider, Codec<E, S> codec, Clock clock, AggregateSettings settings) {
        this.log = log;
        this.decider = decider;
        this.codec = codec;
        this.clock = clock;
        this.settings = settings;
        this.history = new History<>(log, decider, codec, settings.pageEvents(), counters);
    }

    /// Decides a command and writes what follows from it.
    ///
    /// @param command with an id; sent again under the same id, it is still written once
    /// @throws StorageException if the store could not do it; of kind `UNKNOWN`, ask again with the same id
    public Decided<E, S> decide(Context context, AggregateId id, CommandId commandId, C command) {
        var stream = stream(id);
        var read = history.read(context.tenant(), stream);
        for (int attempt = 1; ; attempt++) {
            switch (decider.decide(command, read.state())) {
                case Decision.Refused<E>(var reason) -> {
                    var refused = new Decided.Refused<E, S>(reason, read.state(), read.version());
                    return repeated(context.tenant(), stream, commandId).orElse(refused);
                }
                case Decision.Happens<E>(var events)
                when events.isEmpty() -> {
                    var unchanged = new Decided.Unchanged<E, S>(read.state(), read.version());
                    return repeated(context.tenant(), stream, commandId).orElse(unchanged);
                }
                case Decision.Happens<E>(var events) -> {
                    var after = evolved(read.state(), events);
                    switch (append(context, stream, commandId, read, events)) {
                        case Appended.Written(var at, var versions) -> {
                            return new Decided.Written<>(events, after, read.version() + events.size(), at);
                        }
                        case Appended.Duplicate duplicate -> {
                            return repeated(context.tenant(), stream, commandId).orElseThrow();
                        }
                        case Appended.Conflict(var same, var actual) -> {
                            if (attempt == settings.attemptsMax()) {
                                return new Decided.GaveUp<>(attempt, actual);
                            }
                        }
                        case Appended.Refused(var faults) ->
                            throw new IllegalStateException(
                                    "The codec of '%s' makes payloads that are not as their schemas say: %s"
                                            .formatted(decider.name(), faults));
                        case Appended.Unmet unmet ->
                            throw new IllegalStateException("A decision expects no rows; found " + unmet);
                    }
                }
            }
            read = history.readOn(context.tenant(), stream, read);
        }
    }

    /// An aggregate as it is now.
    public Loaded<S> load(Tenant tenant, AggregateId id) {
        var stream = stream(id);
        var read = history.read(tenant, stream);
        var rows = snapshot(tenant, stream, read);
        if (!rows.isEmpty()) {
            keep(tenant, stream, rows);
        }
        return new Loaded<>(read.state(), read.version());
    }

    public SnapshotCounts snapshots() {
        return counters.now();
    }

    private StreamId stream(AggregateId id) {
        return new StreamId(decider.name(), id.value());
    }

    /// Applies the new events before they are written, so that no event is appended that the state cannot take.
    private S evolved(S state, List<E> events) {
        for (var event : events) {
            state = decider.evolve(state, event);
        }
        return state;
    }

    private Appended append(Context context, StreamId stream, CommandId command, Folded<S> read, List<E> events) {
        var made = new ArrayList<NewEvent>();
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        for (var event : events) {
            var encoded = codec.encode(event);
            made.add(new NewEvent(
                    command.event(stream, made.size()),
                    encoded.type(),
                    encoded.schemaVersion(),
                    codec.subject(stream, event),
                    encoded.payload(),
                    now,
                    null));
        }
        var rows = snapshot(context.tenant(), stream, read);
        var append = new StreamAppend(stream, Expected.version(read.version()), made);
        var outcome = log.append(new Unit(context, List.of(append), List.of(), rows));
        if (outcome instanceof Appended.Written && !rows.isEmpty()) {
            counters.kept.increment();
        }
        return outcome;
    }

    private Optional<Decided<E, S>> repeated(Tenant tenant, StreamId stream, CommandId command) {
        return log.<Optional<Recorded>>read(tenant, view -> {
                    var last = Optional.<Recorded>empty();
                    for (int index = 0; ; index++) {
                        var found = view.find(command.event(stream, index));
                        if (found.isEmpty()) {
                            return last;
                        }
                        last = found;
                    }
                })
                .map(last -> new Decided.Repeated<>(last.version(), position(tenant, last)));
    }

    private Position position(Tenant tenant, Recorded recorded) {
        return log.position(log.partition(tenant), recorded.position());
    }

    private List<RowChange> snapshot(Tenant tenant, StreamId stream, Folded<S> read) {
        var last = read.lastEvent();
        if (last == null || read.replayed() < settings.snapshotEvery()) {
            return List.of();
        }
        var snapshot = new Snapshot(
                stream, decider.stateVersion(), read.version(), last, codec.encodeState(read.state()), read.keys());
        return switch (log.snapshots().keep(tenant, snapshot)) {
            case Kept.Rows(var rows) -> rows;
            case Kept.Impossible(var reason) -> {
                counters.impossible.increment();
                LOG.log(System.Logger.Level.DEBUG, reason);
                yield List.of();
            }
        };
    }

    /// A reader does not fail because a snapshot could not be kept.
    private void keep(Tenant tenant, StreamId stream, List<RowChange> rows) {
        try {
            log.append(Unit.rows(new Context(tenant, "aggregate", "snapshot"), rows));
            counters.kept.increment();
        } catch (StorageException e) {
            counters.failed.increment();
            LOG.log(System.Logger.Level.WARNING, "The snapshot of %s was not kept".formatted(stream), e);
        }
    }
}
