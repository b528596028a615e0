package io.cairn.event;

import io.cairn.row.RowChange;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/// A unit of work, ready for the writer: sealed, hashed, its row changes worked out.
///
/// @param tenant whose events it appends
record Submission(
        int partition,
        Tenant tenant,
        List<Append> appends,
        List<PartitionUnit.Expectation> expectations,
        List<PartitionUnit.Change> rows,
        CompletableFuture<Appended> outcome) {

    record Append(StreamId stream, Expected expected, List<Prepared> events) {
        Append recordedAt(long recordedAt) {
            return new Append(
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
        return new Submission(partition, tenant, dated, expectations, rows, outcome);
    }

    int eventCount() {
        return appends.stream().mapToInt(append -> append.events().size()).sum();
    }

    Optional<UUID> anyEventId() {
        return appends.stream()
                .flatMap(append -> append.events().stream())
                .map(prepared -> prepared.event().eventId())
                .findFirst();
    }
}
