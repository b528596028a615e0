package io.cairn.event;

import io.cairn.row.RowChange;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// A unit of work, ready for the writer: sealed, hashed, its row changes worked out.
///
/// It holds what one tenant or, for the engine, several tenants of the partition bring.
record Submission(
        int partition,
        List<Append> appends,
        List<PartitionUnit.Expectation> expectations,
        List<PartitionUnit.Change> rows,
        CompletableFuture<Appended> outcome) {

    record Append(Tenant tenant, StreamId stream, Expected expected, List<Prepared> events) {
        StreamKey key() {
            return new StreamKey(tenant, stream);
        }

        Append recordedAt(long recordedAt) {
            return new Append(
                    tenant,
                    stream,
                    expected,
                    events.stream()
                            .map(one -> new Prepared(one.event(), one.digest(), one.changes(), recordedAt))
                            .toList());
        }
    }

    /// @param recordedAt of an event that was recorded in another log; 0 for now
    record Prepared(SealedEvent event, byte[] digest, List<RowChange> changes, long recordedAt) {}

    /// The same, as if it had been recorded at a time of another log.
    ///
    /// @param recordedAt microseconds since 1970; 0 for now
    Submission recordedAt(long recordedAt) {
        var dated =
                appends.stream().map(append -> append.recordedAt(recordedAt)).toList();
        return new Submission(partition, dated, expectations, rows, outcome);
    }

    int eventCount() {
        return appends.stream().mapToInt(append -> append.events().size()).sum();
    }

    Optional<EventKey> anyEvent() {
        return appends.stream()
                .flatMap(append -> append.events().stream()
                        .map(prepared ->
                                new EventKey(append.tenant(), prepared.event().eventId())))
                .findFirst();
    }

    /// Whether all its events are one tenant's, so that a stream's id says which stream is meant.
    boolean isOfOneTenant() {
        return appends.stream().map(Append::tenant).distinct().count() <= 1;
    }
}
