package io.cairn.bus;

import io.cairn.event.Times;
import io.cairn.row.Row;
import java.time.Instant;
import java.util.Optional;

/// A durable subscription: somebody outside who fetches events at their own pace, with the place they have reached.
///
/// @param position the number of the event up to which everything was acknowledged
/// @param lag how many of its tenant's events, wanted or not, lie behind that place, counted up to [Readers#LAG_MAX]
/// @param parked how many streams it has put aside
/// @param acknowledgedAt the last time anything was
public record Reader(
        String name,
        Wanted wanted,
        long position,
        long lag,
        long parked,
        Instant createdAt,
        Optional<Instant> acknowledgedAt) {
    static Reader of(Row row, long position, long lag, long parked) {
        return new Reader(
                row.text("name"),
                Wanted.of(row.text("pattern")),
                position,
                lag,
                parked,
                Times.instant(row.number("created_at")),
                Optional.ofNullable(row.numberOrNull("acknowledged_at")).map(Times::instant));
    }
}
