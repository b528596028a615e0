package io.cairn.guard;

import java.time.Duration;
import java.util.function.LongSupplier;

/// The moment by which something has to be done, however many steps it takes.
public final class Deadline {
    private final LongSupplier nanos;
    private final long at;

    private Deadline(LongSupplier nanos, long at) {
        this.nanos = nanos;
        this.at = at;
    }

    public static Deadline in(Duration time) {
        return in(time, System::nanoTime);
    }

    /// @param nanos tells time, as `System::nanoTime` does
    public static Deadline in(Duration time, LongSupplier nanos) {
        return new Deadline(nanos, nanos.getAsLong() + time.toNanos());
    }

    /// What is left; zero once it is over.
    public Duration left() {
        return Duration.ofNanos(Math.max(0, at - nanos.getAsLong()));
    }

    public boolean isOver() {
        return left().isZero();
    }

    /// The earlier of this one and one in so much time.
    public Deadline within(Duration time) {
        return left().compareTo(time) < 0 ? this : in(time, nanos);
    }
}
