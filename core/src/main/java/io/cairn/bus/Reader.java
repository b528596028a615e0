package io.cairn.bus;

import io.cairn.event.Times;
import io.cairn.row.Row;
import java.time.Instant;
import java.util.Optional;

/// A durable subscription: somebody outside who fetches events at their own pace, with the place they have reached.
///
/// @param position the number of the event up to which everything was acknowledged
/// @param lag how many events of its partition, wanted or not, lie between that place and the end of the log
/// @param acknowledgedAt the last time anything was
public record Reader(
        String name, Wanted wanted, long position, long lag, Instant createdAt, Optional<Instant> acknowledgedAt) {
    static Reader of(Row row, String epoch, long head) {
        // A log that was moved numbers its events anew: nothing of it was acknowledged.
        long position = row.text("epoch").equals(epoch) ? row.number("position") : 0;
        return new Reader(
                row.text("name"),
                Wanted.of(row.text("pattern")),
                position,
                Math.max(0, head - position),
                Times.instant(row.number("created_at")),
                Optional.ofNullable(row.numberOrNull("acknowledged_at")).map(Times::instant));
    }
}
