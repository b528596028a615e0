package io.cairn.saga;

import io.cairn.event.Times;
import io.cairn.row.Row;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/// One saga, as it is seen from outside.
///
/// @param correlation what it is about; of one type there is one saga for each
/// @param step the action that was started last, or that is being undone; empty between two
/// @param retries attempts at actions that failed so far
/// @param error why it was given up
/// @param completedAt when it ended, completed or undone
public record Saga(
        UUID id,
        String type,
        String correlation,
        SagaStatus status,
        String step,
        long retries,
        Optional<String> error,
        int stateVersion,
        Instant startedAt,
        Instant updatedAt,
        Optional<Instant> completedAt) {
    static Saga of(Row row) {
        return new Saga(
                UUID.fromString(row.text("id")),
                row.text("type"),
                row.text("correlation"),
                SagaStatus.of(row.text("status")),
                row.text("step"),
                row.number("retries"),
                Optional.ofNullable(row.textOrNull("error")),
                (int) row.number("state_version"),
                Times.instant(row.number("started_at")),
                Times.instant(row.number("updated_at")),
                Optional.ofNullable(row.numberOrNull("completed_at")).map(Times::instant));
    }
}
