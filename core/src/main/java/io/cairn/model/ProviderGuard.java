package io.cairn.model;

import io.cairn.guard.Breaker;
import io.cairn.guard.Deadline;
import io.cairn.guard.Retry;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/// What stands between callers and one provider of models: its breaker, a place, a deadline and retries, in this order.
///
/// Whoever is let in holds a place, and maybe the breaker's one pass of a half-open while, until they leave. Each is
/// given back once on every way out.
public final class ProviderGuard {
    private static final Duration WHEN_CROWDED = Duration.ofSeconds(1);

    private final String provider;
    private final Breaker breaker;
    private final Retry retry;
    private final Semaphore places;
    private final int placesMax;

    /// @param placesMax calls that may be under way at once, streams included
    public ProviderGuard(String provider, Breaker breaker, Retry retry, int placesMax) {
        this.provider = provider;
        this.breaker = breaker;
        this.retry = retry;
        this.places = new Semaphore(placesMax, true);
        this.placesMax = placesMax;
    }

    public Breaker breaker() {
        return breaker;
    }

    /// Calls that are under way.
    public int underWay() {
        return placesMax - places.availablePermits();
    }

    /// Does the work, again if need be.
    ///
    /// @throws ModelException of the provider, or because it is not asked now
    public <T> T ask(Deadline deadline, Supplier<T> work) {
        try (var call = enter(deadline)) {
            T answer = call.begin(work);
            call.succeeded();
            return answer;
        }
    }

    /// Lets the caller in, if need be after waiting for a place.
    ///
    /// @throws ModelException if the breaker is open, or no place became free in time
    public Call enter(Deadline deadline) {
        var pass = breaker.enter();
        boolean in = false;
        try {
            takePlace(deadline);
            in = true;
            return new Call(pass, deadline);
        } finally {
            if (!in) {
                pass.left();
            }
        }
    }

    private void takePlace(Deadline deadline) {
        try {
            if (!places.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
                throw ModelException.turnedAway(
                        provider,
                        "All %d places for calls of provider '%s' stayed taken".formatted(placesMax, provider),
                        WHEN_CROWDED);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ModelException.of(
                    provider, ModelException.Kind.TURNED_AWAY, "The wait for a place was interrupted", e);
        }
    }

    /// A call that was let in. Its first outcome counts.
    public final class Call implements AutoCloseable {
        private final Breaker.Pass pass;
        private final Deadline deadline;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Call(Breaker.Pass pass, Deadline deadline) {
            this.pass = pass;
            this.deadline = deadline;
        }

        /// Does the work, again if need be; the last failure is told to the breaker.
        public <T> T begin(Supplier<T> work) {
            try {
                return retry.of(deadline.left(), work);
            } catch (RuntimeException e) {
                pass.tell(e);
                throw e;
            }
        }

        public void succeeded() {
            pass.succeeded();
        }

        public void failed(RuntimeException failure) {
            pass.tell(failure);
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                pass.left();
                places.release();
            }
        }
    }
}
