package io.cairn.guard;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// How much there may be of something in a minute. What was not used fills up again, up to a minute's worth.
public final class Rate {
    private static final double MINUTE_NANOS = Duration.ofMinutes(1).toNanos();

    private final long perMinute;
    private final LongSupplier nanos;
    private double left;
    private long at;

    /// @param nanos tells time, as `System::nanoTime` does
    public Rate(long perMinute, LongSupplier nanos) {
        if (perMinute < 1) {
            throw new IllegalArgumentException("A rate is positive; found " + perMinute);
        }
        this.perMinute = perMinute;
        this.nanos = nanos;
        this.left = perMinute;
        this.at = nanos.getAsLong();
    }

    /// Takes an amount. One that is larger than a minute's worth is let through when a whole minute's worth is there,
    /// and others wait for longer then.
    ///
    /// @return how long to wait, if it was not taken
    public synchronized Optional<Duration> take(long amount) {
        fill();
        double missing = Math.min(amount, perMinute) - left;
        if (missing > 0) {
            return Optional.of(Duration.ofNanos((long) Math.ceil(missing * MINUTE_NANOS / perMinute)));
        }
        left -= amount;
        return Optional.empty();
    }

    /// Gives back what was not needed after all, or takes what was needed beyond it.
    public synchronized void correct(long unused) {
        left = Math.min(perMinute, left + (double) unused);
    }

    /// Whether nothing is missing, as in a new one.
    public synchronized boolean isFull() {
        fill();
        return left >= perMinute;
    }

    private void fill() {
        long now = nanos.getAsLong();
        left = Math.min(perMinute, left + (double) (now - at) * perMinute / MINUTE_NANOS);
        at = now;
    }
}
