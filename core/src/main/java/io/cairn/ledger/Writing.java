package io.cairn.ledger;

import io.cairn.guard.Loop;
import java.time.Duration;

/// The turns in which a node writes what was used.
record Writing(Ledger ledger) implements Loop.Turn {
    private static final System.Logger LOG = System.getLogger(Writing.class.getName());
    private static final Duration LONGEST = Duration.ofSeconds(30);

    @Override
    public Duration take() {
        ledger.step();
        return Ledger.WRITE_EVERY;
    }

    @Override
    public Duration failed(RuntimeException failure, int inARow) {
        LOG.log(
                System.Logger.Level.WARNING,
                "What models were used for could not be written; it is kept, and written when the store answers",
                failure);
        return Loop.backoff(Ledger.WRITE_EVERY, LONGEST, inARow);
    }
}
