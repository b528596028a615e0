package io.cairn.guard;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Tries work again that failed for a reason which passes by itself, a limited number of times, with growing waits.
///
/// The caller waits between two attempts, in its own thread. Only work that certainly did not happen is tried again
/// ([Failures.Kind#TRANSIENT], [Failures.Kind#LIMITED]), and none is while the service is known to be
/// [away][Failures#retryAfter].
public final class Retry {
    /// The limits of trying.
    ///
    /// @param most attempts, the first one included
    /// @param first wait; each further one is twice as long
    /// @param longest wait
    /// @param within which time after the beginning another attempt may still begin
    public record Settings(int most, Duration first, Duration longest, Duration within) {
        public Settings {
            if (most < 1) {
                throw new IllegalArgumentException("Something is tried at least once; found " + most);
            }
            if (first.isNegative() || longest.compareTo(first) < 0) {
                throw new IllegalArgumentException(
                        "The longest wait (%s) is no shorter than the first one (%s)".formatted(longest, first));
            }
        }
    }

    /// Lets time pass.
    @FunctionalInterface
    public interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    private final Failures kinds;
    private final Settings settings;
    private final LongSupplier nanos;
    private final Pause pause;
    private final Runnable again;

    /// @param kinds how the failures are read
    /// @param nanos tells time, as `System::nanoTime` does
    /// @param again is told before each attempt but the first
    public Retry(Failures kinds, Settings settings, LongSupplier nanos, Pause pause, Runnable again) {
        this.kinds = kinds;
        this.settings = settings;
        this.nanos = nanos;
        this.pause = pause;
        this.again = again;
    }

    /// Tries everything once.
    public static Retry none(Failures kinds) {
        return new Retry(
                kinds,
                new Settings(1, Duration.ZERO, Duration.ZERO, Duration.ZERO),
                System::nanoTime,
                time -> {},
                () -> {});
    }

    /// Does the work, again if need be; it may have begun before, so it has no effects that add up.
    ///
    /// @throws RuntimeException the last failure; those before it are suppressed in it
    public <T> T of(Supplier<T> work) {
        return of(settings.within(), work);
    }

    /// Does the work, again if need be, as long as another attempt may begin within the given time.
    ///
    /// @throws RuntimeException the last failure; those before it are suppressed in it
    public <T> T of(Duration within, Supplier<T> work) {
        long began = nanos.getAsLong();
        var wait = settings.first();
        RuntimeException last = null;
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (RuntimeException failure) {
                if (last != null && last != failure) {
                    failure.addSuppressed(last);
                }
                last = failure;
                var pause = kinds.asksToWait(failure).orElse(wait);
                boolean hopeful = passes(failure) && attempt < settings.most() && timeFor(pause, began, within);
                if (!hopeful || !paused(pause)) {
                    throw failure;
                }
                again.run();
                var doubled = wait.multipliedBy(2);
                wait = doubled.compareTo(settings.longest()) < 0 ? doubled : settings.longest();
            }
        }
    }

    private boolean passes(RuntimeException failure) {
        boolean passing = switch (kinds.kind(failure)) {
            case TRANSIENT, LIMITED -> true;
            case UNKNOWN, PERMANENT -> false;
        };
        return passing && kinds.retryAfter(failure).isEmpty();
    }

    private boolean timeFor(Duration wait, long began, Duration within) {
        return within.minusNanos(nanos.getAsLong() - began).compareTo(wait) >= 0;
    }

    private boolean paused(Duration wait) {
        try {
            pause.of(wait);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
