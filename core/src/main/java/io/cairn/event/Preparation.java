package io.cairn.event;

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
    /// @param chosen where the keys are put under which it was sealed
    Submission of(PartitionUnit unit, List<Submission.Append> provided, Map<Subject, SubjectKeys.Chosen> chosen) {
        if (unit.eventCount() > eventsMax) {
            throw new IllegalArgumentException(
                    "A unit of work holds at most %d events; found %d".formatted(eventsMax, unit.eventCount()));
        }
        unit.tenants().forEach(tenant -> requireHere(tenant, unit.partition()));
        var appends = Stream.concat(provided.stream(), unit.appends().stream().map(append -> append(append, chosen)))
                .toList();
        var rows = new ArrayList<>(unit.changes());
        chosen.forEach((subject, key) ->
                key.stored().ifPresent(change -> rows.add(new PartitionUnit.Change(subject.tenant(), change))));
        return new Submission(unit.partition(), appends, unit.expectations(), rows, new CompletableFuture<>());
    }

    /// Cairn's own rows may stand in each partition.
    private void requireHere(Tenant tenant, int partition) {
        int own = partitions.applyAsInt(tenant);
        if (!tenant.equals(Tenant.CAIRN) && own != partition) {
            throw new IllegalArgumentException(
                    "What is tenant %s's changes in partition %d, not in %d".formatted(tenant, own, partition));
        }
    }

    /// Whose data an event's payload is.
    record Subject(Tenant tenant, String id) {}

    private Submission.Append append(PartitionUnit.Append unit, Map<Subject, SubjectKeys.Chosen> chosen) {
        var append = unit.events();
        return new Submission.Append(
                unit.context().tenant(),
                append.stream(),
                append.expected(),
                append.events().stream()
                        .map(event -> prepared(unit.context(), append.stream(), event, chosen))
                        .toList());
    }

    private Submission.Prepared prepared(
            Context context, StreamId stream, NewEvent event, Map<Subject, SubjectKeys.Chosen> chosen) {
        var key = chosen.computeIfAbsent(
                new Subject(context.tenant(), event.subject()),
                subject -> sealing.keys().choose(subject.tenant(), subject.id(), storage));
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
        var append = new Submission.Append(
                stored.tenant(), stored.stream(), Expected.version(stored.version() - 1), List.of(prepared));
        return new Submission(
                partitions.applyAsInt(stored.tenant()),
                List.of(append),
                List.of(),
                List.of(),
                new CompletableFuture<>());
    }
}
