package io.cairn.bus;

import io.cairn.event.Times;
import io.cairn.row.Row;
import java.net.URI;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// Another server that is told of events by webhooks.
///
/// @param reason why it is failing or off; empty if it is neither
/// @param position the number of the event up to which its webhooks are on their way
/// @param failingSince when it began to fail, if it is failing
public record Endpoint(
        String id,
        URI url,
        Wanted wanted,
        Status status,
        String reason,
        long position,
        Optional<Instant> failingSince,
        Instant createdAt) {
    /// How an endpoint fares.
    public enum Status {
        ACTIVE,
        /// Most of what is sent fails; it is only tried now and then.
        FAILING,
        /// Nothing is sent, and what it would be sent is held.
        DISABLED;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Status of(String text) {
            return valueOf(text.toUpperCase(Locale.ROOT));
        }
    }

    static Endpoint of(Row row) {
        return new Endpoint(
                row.text("id"),
                URI.create(row.text("url")),
                Wanted.read(row.text("pattern"), row.text("conditions")),
                Status.of(row.text("status")),
                Optional.ofNullable(row.textOrNull("reason")).orElse(""),
                row.number("position"),
                Optional.ofNullable(row.numberOrNull("failing_since")).map(Times::instant),
                Times.instant(row.number("created_at")));
    }
}
