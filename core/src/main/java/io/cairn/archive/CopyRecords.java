package io.cairn.archive;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamAppend;
import io.cairn.event.Unit;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Optional;

/// What a copy tells of itself in the log that it makes: its first event names the log that it copies and where
/// that ended, and the last one says that everything up to there has arrived.
///
/// The first event counts as recorded when the source's first was: times never go back within a partition, and
/// those of the events that follow it are to stay.
final class CopyRecords {
    /// How many events a copy has besides its source's.
    static final int EVENTS = 2;

    private static final Context CONTEXT = new Context(new Tenant("cairn"), "cairn", "copy");

    private final EventLog log;
    private final LogStorage target;
    private final Ids ids;
    private final int partition;

    CopyRecords(EventLog log, LogStorage target, Ids ids) {
        this.log = log;
        this.target = target;
        this.ids = ids;
        this.partition = log.partition(CONTEXT.tenant());
    }

    /// What this log is a copy of, finished or not.
    ///
    /// @throws io.cairn.seal.SealBrokenException if the log has another master key
    Optional<Origin> begun() {
        return log.feed().after(partition, 0, 1, 1).stream()
                .filter(event -> event.type().equals(LogCopy.BEGUN))
                .map(event -> event.payload().needed())
                .map(payload -> payload.map(Origin::of)
                        .orElseThrow(() -> new IllegalStateException("The record of the copy cannot be read any more")))
                .findFirst();
    }

    /// Whether everything has arrived.
    boolean finished(Origin origin) {
        return target
                .<List<StoredEvent>>read(snapshot -> snapshot.stream(CONTEXT.tenant(), origin.stream(), 0, 2))
                .stream()
                .anyMatch(event -> event.type().equals(Archive.IMPORTED));
    }

    /// The epoch of the log that this one is an unfinished copy of.
    Optional<String> unfinished() {
        return begun().filter(origin -> !finished(origin)).map(Origin::epoch);
    }

    /// Of several copies that begin at once one does; [#begun] then tells which.
    ///
    /// @param recordedAt when the source's first event was recorded; 0 if it has none
    void begin(Origin origin, long recordedAt) {
        var id = Ids.named(LogCopy.BEGUN.name(), target.epoch());
        place(origin.told(id, LogCopy.BEGUN, ids.now()), recordedAt);
    }

    void finish(Origin origin) {
        place(origin.imported(ids.now()), 0);
    }

    private void place(StreamAppend append, long recordedAt) {
        log.adoption().place(Unit.of(CONTEXT, append), recordedAt);
    }
}
