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

    record Append(StreamId stream, Expected expected, List<Prepared> events) {}

    /// @param recordedAt of an event that was recorded in another log; 0 for now
    record Prepared(SealedEvent event, byte[] digest, List<RowChange> changes, long recordedAt) {}

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
