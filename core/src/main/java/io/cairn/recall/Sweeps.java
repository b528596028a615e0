package io.cairn.recall;

import io.cairn.event.Blobs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Removes from time to time what nobody needs any more: vectors without a passage, and parts of blobs whose
/// event never came.
///
/// Not for concurrent use.
public final class Sweeps {
    private static final System.Logger LOG = System.getLogger(Sweeps.class.getName());
    private static final Duration AGAIN_AFTER_MAX = Duration.ofHours(1);

    private final Blobs blobs;
    private final VectorSweep vectors;
    private final Settings settings;
    private final Clock clock;
    private Instant due;

    /// @param every how often
    /// @param blobsAfter how long a blob's event may take to come
    public record Settings(Duration every, Duration blobsAfter) {
        public Settings {
            if (every.isNegative() || every.isZero() || blobsAfter.isNegative() || blobsAfter.isZero()) {
                throw new IllegalArgumentException("Sweeps are some time apart, and blobs may wait for some time");
            }
        }
    }

    /// How many were removed.
    public record Swept(long vectors, long blobs) {}

    /// The first sweep comes soon, so that one comes also where a process never lives for long.
    public Sweeps(Blobs blobs, VectorSweep vectors, Settings settings, Clock clock) {
        this.blobs = blobs;
        this.vectors = vectors;
        this.settings = settings;
        this.clock = clock;
        this.due = clock.instant().plus(again());
    }

    /// How long it is until there is something to do.
    public Duration untilDue() {
        var left = Duration.between(clock.instant(), due);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /// Sweeps if the time has come. A sweep that had to stop is tried again before the next is due.
    public Optional<Swept> step() {
        var began = clock.instant();
        if (began.isBefore(due)) {
            return Optional.empty();
        }
        due = began.plus(again());
        try {
            var swept = new Swept(vectors.run(), blobs.sweep(settings.blobsAfter()));
            due = began.plus(settings.every());
            LOG.log(
                    System.Logger.Level.INFO,
                    "Swept %d vectors without a passage and %d unfinished blobs in %d ms"
                            .formatted(
                                    swept.vectors(),
                                    swept.blobs(),
                                    Duration.between(began, clock.instant()).toMillis()));
            return Optional.of(swept);
        } catch (VectorSweep.SweepStopped stopped) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "The sweep ended early: %s; the next attempt comes in %s".formatted(stopped.getMessage(), again()));
            return Optional.empty();
        }
    }

    private Duration again() {
        return settings.every().compareTo(AGAIN_AFTER_MAX) < 0 ? settings.every() : AGAIN_AFTER_MAX;
    }
}
