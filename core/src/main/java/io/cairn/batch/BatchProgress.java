package io.cairn.batch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// Writes to the program's log how far work in batches has come: how many items of how many, and in what time.
///
/// It writes a line every few seconds at most, and one at the end; for work of a single batch it writes none.
public final class BatchProgress {
    private static final System.Logger LOG = System.getLogger(BatchProgress.class.getName());
    private static final Duration EVERY = Duration.ofSeconds(5);

    private final String what;
    private final Clock clock;
    private final Instant began;
    private Instant told;
    private long batches;
    private long done;
    private long failed;

    public BatchProgress(String what, Clock clock) {
        this.what = what;
        this.clock = clock;
        this.began = clock.instant();
        this.told = began;
    }

    /// One batch is done.
    ///
    /// @param failures items of it that failed
    /// @param remaining items that are still to do, as far as is known
    public void batch(long items, long failures, long remaining) {
        batches++;
        done += items;
        failed += failures;
        var now = clock.instant();
        if (!now.isBefore(told.plus(EVERY))) {
            told = now;
            tell(System.Logger.Level.INFO, remaining, now);
        } else {
            tell(System.Logger.Level.DEBUG, remaining, now);
        }
    }

    /// There is no more to do.
    public void end() {
        if (batches > 1) {
            tell(System.Logger.Level.INFO, 0, clock.instant());
        }
        batches = 0;
    }

    private void tell(System.Logger.Level level, long remaining, Instant now) {
        if (LOG.isLoggable(level)) {
            LOG.log(level, line(remaining, now));
        }
    }

    /// The line as of now.
    String line(long remaining, Instant now) {
        return "%s: batch %d, %d of %d items, %d %% of them well, after %d ms"
                .formatted(
                        what,
                        batches,
                        done,
                        done + remaining,
                        done == 0 ? 100 : 100 * (done - failed) / done,
                        Duration.between(began, now).toMillis());
    }
}
