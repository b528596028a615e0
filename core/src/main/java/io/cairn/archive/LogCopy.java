package io.cairn.archive;

import io.cairn.event.EventLog;
import io.cairn.event.EventType;
import io.cairn.event.Head;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.StorageException;
import io.cairn.event.SubjectKeys;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/// Makes an empty log a copy of another one: whatever the two are kept in, into however many partitions they are
/// divided.
///
/// Events keep their ids, versions, digests and times, and each tenant's keep their order; positions, chain and what
/// is derived are made anew. The copy ends where the source ended when it was begun. It may be broken off anywhere
/// and run again: it goes on, and nothing is there twice.
///
/// Nobody else writes to the target. The source may be in use, since a copy takes only what stands fast.
public final class LogCopy {
    /// The first event of a copy, which names its source.
    public static final EventType BEGUN = new EventType("cairn.log.copy.begun");

    /// A run goes back by so many events, so the number stays.
    private static final int EVENTS_AT_ONCE = 1000;

    private final LogStorage source;
    private final LogStorage target;
    private final EventLog log;
    private final List<Table> tables;
    private final CopyRecords records;
    private final Ids ids;
    private final int batch;

    /// @param source is only read
    /// @param target the storage of the log that becomes the copy
    /// @param tables all that are beside the events; those that are derived are not carried
    public LogCopy(LogStorage source, LogStorage target, EventLog log, List<Table> tables, Ids ids) {
        this(source, target, log, tables, ids, EVENTS_AT_ONCE);
    }

    /// @param batch events that are carried over together, always the same for one target
    LogCopy(LogStorage source, LogStorage target, EventLog log, List<Table> tables, Ids ids, int batch) {
        this.source = source;
        this.target = target;
        this.log = log;
        this.tables = StateCopy.carried(tables);
        this.records = new CopyRecords(log, target, ids);
        this.ids = ids;
        this.batch = batch;
    }

    /// What a copy is doing.
    public enum Step {
        /// Carries keys, blobs and other state over.
        ROWS,
        /// Carries events over.
        EVENTS,
        /// Holds the copy against its source.
        VERIFICATION
    }

    /// Is told how far a copy is.
    @FunctionalInterface
    public interface Progress {
        void at(Step step, long done, long total);
    }

    /// What became of a copy.
    public sealed interface Outcome {
        /// Everything is there, and was held against the source.
        ///
        /// @param events of the source up to where the copy ends
        /// @param written events that this run wrote; the others were there
        /// @param rows of state, likewise
        /// @param behind events that the source has got since the copy was begun, and the copy has not
        /// @param heads of the copy
        record Whole(long events, long written, long rows, long tenants, long streams, long behind, List<Head> heads)
                implements Outcome {
            public Whole {
                heads = List.copyOf(heads);
            }
        }

        /// The master key does not open what one of them holds.
        ///
        /// @param ofTarget or of the source
        record OtherMasterKey(boolean ofTarget) implements Outcome {}

        /// Source and target are one log.
        record SameLog() implements Outcome {}

        /// The target holds what is not of a copy.
        record NotEmpty(long events) implements Outcome {}

        /// The target is, or is to become, a copy of another log.
        record OfAnotherLog(String epoch) implements Outcome {}

        /// The target became a copy of this log and has gone on since.
        record GoneOn(long events) implements Outcome {}

        /// The source has not the past any more that the copy was begun with.
        record OtherPast() implements Outcome {}

        /// Something is not as it should be.
        record Differs(List<String> problems) implements Outcome {
            public Differs {
                problems = List.copyOf(problems);
            }
        }
    }

    /// Refuses to go on with half a log.
    ///
    /// @param storage of the log
    /// @throws StorageException if the log is a copy of another one that was not finished
    public static void requireWhole(EventLog log, LogStorage storage, Ids ids) {
        new CopyRecords(log, storage, ids).unfinished().ifPresent(source -> {
            throw new StorageException(
                    StorageException.Kind.BROKEN,
                    "it is an unfinished copy of log %s; run the same 'cairn copy' again, which goes on where it stopped"
                            .formatted(source),
                    new IllegalStateException());
        });
    }

    /// Begins, or goes on, until all is there and verified.
    ///
    /// @param anchors heads of the source that were once durable and are kept outside it
    /// @throws StorageException if one of the two cannot go on; the copy goes on when it is run again
    public Outcome run(Collection<Head> anchors, Progress progress) {
        if (source.epoch().equals(target.epoch())) {
            return new Outcome.SameLog();
        }
        for (var side : List.of(source, target)) {
            if (!opens(side)) {
                return new Outcome.OtherMasterKey(side == target);
            }
        }
        return begun().<Outcome>map(origin -> goOn(origin, anchors, progress))
                .orElseGet(() -> new Outcome.NotEmpty(events(target)));
    }

    /// What the target is a copy of, from now on or already; nothing if it holds something else.
    private Optional<Origin> begun() {
        var known = records.begun();
        if (known.isPresent()) {
            return known;
        }
        if (isEmpty()) {
            begin();
        }
        // If it is not empty any more, another copy has begun, or somebody else has written.
        return records.begun();
    }

    private void begin() {
        var heads = source.<List<Head>>read(ReadSnapshot::heads);
        var behind = heads.stream().map(head -> 0L).toList();
        var first = new MergedEvents(
                        source, behind, heads.stream().map(Head::number).toList())
                .next(1, 1);
        records.begin(
                Origin.of(source.epoch(), heads),
                first.isEmpty() ? 0 : first.getFirst().recordedAt());
    }

    private Outcome goOn(Origin origin, Collection<Head> anchors, Progress progress) {
        if (!origin.epoch().equals(source.epoch())) {
            return new Outcome.OfAnotherLog(origin.epoch());
        }
        if (!origin.isPastOf(source)) {
            return new Outcome.OtherPast();
        }
        boolean finished = records.finished(origin);
        if (finished && events(target) != origin.events() + CopyRecords.EVENTS) {
            return new Outcome.GoneOn(events(target));
        }
        var events = new EventCopy(source, target, log, ids, origin, batch);
        if (!finished) {
            var problem = carry(origin, events, progress);
            if (problem.isPresent()) {
                return new Outcome.Differs(List.of(problem.get()));
            }
        }
        return finish(origin, events.written(), anchors, progress);
    }

    private Optional<String> carry(Origin origin, EventCopy events, Progress progress) {
        long rows = source.read(snapshot -> StateCopy.count(snapshot, tables));
        new StateCopy(source, target, log, tables).run(done -> progress.at(Step.ROWS, done, rows));
        return events.run(done -> progress.at(Step.EVENTS, done, origin.events()));
    }

    private Outcome finish(Origin origin, long written, Collection<Head> anchors, Progress progress) {
        var check = new CopyCheck(source, target, origin, tables);
        LongConsumer verified = done -> progress.at(Step.VERIFICATION, done, 2 * origin.events() + 1);
        var problems = check.run(anchors, verified);
        if (!problems.isEmpty()) {
            return new Outcome.Differs(problems);
        }
        records.finish(origin);
        log.adoption().finished();
        return new Outcome.Whole(
                origin.events(),
                written,
                check.rows(),
                check.copied().tenants(),
                check.copied().streams(),
                events(source) - origin.events(),
                target.<List<Head>>read(ReadSnapshot::heads));
    }

    /// Whether the master key opens the first key of every tenant.
    private boolean opens(LogStorage storage) {
        return storage.read(snapshot -> snapshot.tenants(SubjectKeys.TABLE).stream()
                .allMatch(tenant -> snapshot.rows(tenant, SubjectKeys.TABLE, new RowKey(List.of()), null, 1).stream()
                        .allMatch(row -> log.adoption().opens(tenant, row))));
    }

    /// The key by which a log knows its master key is there before anything else.
    private boolean isEmpty() {
        return target.read(snapshot -> {
            var master = Tenant.CAIRN;
            long known = snapshot.count(master, SubjectKeys.TABLE, SubjectKeys.TABLE.key(SubjectKeys.MASTER_SUBJECT));
            return snapshot.heads().stream().allMatch(head -> head.number() == 0)
                    && StateCopy.count(snapshot, tables) == known;
        });
    }

    private static long events(LogStorage storage) {
        return storage.<List<Head>>read(ReadSnapshot::heads).stream()
                .mapToLong(Head::number)
                .sum();
    }
}
