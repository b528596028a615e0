package io.cairn.ledger;

import java.time.Duration;
import java.time.Instant;

/// A part of a budget that a node has at hand.
///
/// @param granted how much the node may use
/// @param spent what it has used of it
/// @param written what the book knows of that
/// @param expires when others may take it; the beginning of time if there is none in the book
record Slice(long granted, long spent, long written, Instant expires) {
    static final Slice NONE = new Slice(0, 0, 0, Instant.EPOCH);

    /// How long one is held without a sign of life.
    static final Duration TIME = Duration.ofSeconds(60);

    /// Clocks of nodes may differ by so much.
    private static final Duration DOUBT = TIME.dividedBy(3);

    /// Whether so much more may be used, and without a look at the book.
    boolean has(long amount, Instant now) {
        return now.isBefore(expires.minus(DOUBT)) && spent + amount <= granted;
    }

    /// Whether the book has to be told.
    boolean isDue(Instant now) {
        boolean held = expires.isAfter(Instant.EPOCH);
        return spent != written || (held && !now.isBefore(expires.minus(TIME.dividedBy(2))));
    }

    Slice spending(long more) {
        return new Slice(granted, spent + more, written, expires);
    }

    Slice granted(long amount) {
        return new Slice(amount, spent, written, expires);
    }

    /// Others have taken it, and with it what the book knew.
    Slice lost() {
        return new Slice(0, spent - written, 0, Instant.EPOCH);
    }

    Slice written(Instant now) {
        return new Slice(granted, spent, spent, now.plus(TIME));
    }
}
