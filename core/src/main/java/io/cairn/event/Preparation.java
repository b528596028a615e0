package io.cairn.event;

import io.cairn.row.RowChange;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Makes units of work ready for their partition's writer, in the thread of whoever brings them: payloads are
/// sealed and hashed, the rows that follow from the events are worked out.
final class Preparation {
    private final LogStorage storage;
    private final Sealing sealing;
    private final List<InlineProjection> inline;
    private final int eventsMax;
    private final ToIntFunction<Tenant> partitions;

    /// @param eventsMax that one unit may have
    Preparation(
            LogStorage storage,
            Sealing sealing,
            List<InlineProjection> inline,
            int eventsMax,
            ToIntFunction<Tenant> partitions) {
        this.storage = storage;
        this.sealing = sealing;
        this.inline = inline;
        this.eventsMax = eventsMax;
        this.partitions = partitions;
    }

    /// @param provided what has to hold of other streams too
    /// @param chosen where the keys are put under which it was sealed, by subject
    Submission of(Unit unit, List<Submission.Append> provided, Map<String, SubjectKeys.Chosen> chosen) {
        if (unit.eventCount() > eventsMax) {
            throw new IllegalArgumentException(
                    "A unit of work holds at most %d events; found %d".formatted(eventsMax, unit.eventCount()));
        }
        var appends = Stream.concat(
                        provided.stream(),
                        unit.appends().stream().map(append -> append(unit.context(), append, chosen)))
                .toList();
        var rows = new ArrayList<RowChange>(unit.rows());
        chosen.values().forEach(key -> key.stored().ifPresent(rows::add));
        var tenant = unit.context().tenant();
        return new Submission(
                partitions.applyAsInt(tenant),
                tenant,
                appends,
                unit.expectations().stream()
                        .map(expectation -> new PartitionUnit.Expectation(tenant, expectation))
                        .toList(),
                rows.stream()
                        .map(change -> new PartitionUnit.Change(tenant, change))
                        .toList(),
                new CompletableFuture<>());
    }

    private Submission.Append append(Context context, StreamAppend append, Map<String, SubjectKeys.Chosen> chosen) {
        return new Submission.Append(
                append.stream(),
                append.expected(),
                append.events().stream()
                        .map(event -> prepared(context, append.stream(), event, chosen))
                        .toList());
    }

    private Submission.Prepared prepared(
            Context context, StreamId stream, NewEvent event, Map<String, SubjectKeys.Chosen> chosen) {
        var key = chosen.computeIfAbsent(
                event.subject(), subject -> sealing.keys().choose(context.tenant(), subject, storage));
        var sealed = sealing.seal(context, stream, event, key);
        var changes = inline.stream()
                .flatMap(projection -> projection.changes(context.tenant(), stream, event).stream())
                .toList();
        return new Submission.Prepared(sealed, Digests.digest(sealed), changes, 0);
    }

    /// Events of another log as they are: sealed, with their versions, their digests and the times of their recording.
    List<Submission> adopted(List<StoredEvent> events) {
        return storage.read(snapshot -> {
            var opened = new SnapshotEvents(snapshot, sealing, storage.epoch()).open(events);
            return IntStream.range(0, events.size())
                    .mapToObj(i -> adopted(events.get(i), opened.get(i)))
                    .toList();
        });
    }

    private Submission adopted(StoredEvent stored, Event event) {
        var changes = inline.stream()
                .flatMap(projection -> InlineRebuild.changesOf(projection, event).stream())
                .toList();
        var prepared = new Submission.Prepared(stored.sealed(), stored.digest(), changes, stored.recordedAt());
        var append = new Submission.Append(stored.stream(), Expected.version(stored.version() - 1), List.of(prepared));
        return new Submission(
                partitions.applyAsInt(stored.tenant()),
                stored.tenant(),
                List.of(append),
                List.of(),
                List.of(),
                new CompletableFuture<>());
    }
}
