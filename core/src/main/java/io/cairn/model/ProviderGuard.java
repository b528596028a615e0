package io.cairn.model;

import io.cairn.guard.Breaker;
import io.cairn.guard.Deadline;
import io.cairn.guard.Retry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/// What stands between callers and one provider of models: its breaker, a place, a deadline and retries, in this order.
///
/// Whoever is let in holds a place, and maybe a breaker's one pass of a half-open while, until they leave.
/// Each is given back once on every way out.
public final class ProviderGuard {
    private static final Duration WHEN_CROWDED = Duration.ofSeconds(1);

    /// The part of the places that what comes in bulk leaves to others.
    private static final int KEPT_FREE = 10;

    private final String provider;
    private final Breaker breaker;
    private final List<Breaker> breakers;
    private final Retry retry;
    private final Semaphore places;
    private final Semaphore bulkPlaces;
    private final int placesMax;

    /// @param placesMax calls that may be under way at once, streams included
    public ProviderGuard(String provider, Breaker breaker, Retry retry, int placesMax) {
        this(
                provider,
                breaker,
                List.of(breaker),
                retry,
                new Semaphore(placesMax, true),
                new Semaphore(Math.max(1, placesMax - Math.ceilDiv(placesMax, KEPT_FREE)), true),
                placesMax);
    }

    private ProviderGuard(
            String provider,
            Breaker breaker,
            List<Breaker> breakers,
            Retry retry,
            Semaphore places,
            Semaphore bulkPlaces,
            int placesMax) {
        this.provider = provider;
        this.breaker = breaker;
        this.breakers = breakers;
        this.retry = retry;
        this.places = places;
        this.bulkPlaces = bulkPlaces;
        this.placesMax = placesMax;
    }

    /// The same guard before one of the provider's models, which may be held back without the others.
    ///
    /// @param limits the model's own breaker, which reads [RateLimits]
    public ProviderGuard ofModel(Breaker limits) {
        return new ProviderGuard(provider, breaker, List.of(limits, breaker), retry, places, bulkPlaces, placesMax);
    }

    /// The provider's.
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
        return asked(enter(deadline), work);
    }

    /// The same for work of which there may be much at once: some places are left to others.
    ///
    /// @throws ModelException of the provider, or because it is not asked now
    public <T> T askInBulk(Deadline deadline, Supplier<T> work) {
        return asked(enter(deadline, List.of(bulkPlaces, places)), work);
    }

    private static <T> T asked(Call entered, Supplier<T> work) {
        try (var call = entered) {
            T answer = call.begin(work);
            call.succeeded();
            return answer;
        }
    }

    /// Lets the caller in, if need be after waiting for a place.
    ///
    /// @throws ModelException if a breaker is open, or no place became free in time
    public Call enter(Deadline deadline) {
        return enter(deadline, List.of(places));
    }

    private Call enter(Deadline deadline, List<Semaphore> wanted) {
        var call = new Call(deadline);
        boolean in = false;
        try {
            breakers.forEach(each -> call.passes.add(each.enter()));
            wanted.forEach(call::take);
            in = true;
            return call;
        } finally {
            if (!in) {
                call.close();
            }
        }
    }

    private ModelException crowded() {
        return ModelException.turnedAway(
                provider,
                "All %d places for calls of provider '%s' stayed taken".formatted(placesMax, provider),
                WHEN_CROWDED);
    }

    /// A call that was let in. Its first outcome counts.
    public final class Call implements AutoCloseable {
        private final List<Breaker.Pass> passes = new ArrayList<>();
        private final List<Semaphore> taken = new ArrayList<>();
        private final Deadline deadline;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Call(Deadline deadline) {
            this.deadline = deadline;
        }

        private void take(Semaphore place) {
            try {
                if (!place.tryAcquire(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
                    throw crowded();
                }
                taken.add(place);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw ModelException.of(
                        provider, ModelException.Kind.TURNED_AWAY, "The wait for a place was interrupted", e);
            }
        }

        /// Does the work, again if need be; the last failure is told to the breakers.
        public <T> T begin(Supplier<T> work) {
            try {
                return retry.of(deadline.left(), work);
            } catch (RuntimeException e) {
                passes.forEach(pass -> pass.tell(e));
                throw e;
            }
        }

        /// The provider began to answer: others may ask it now, however long that takes.
        public void begun() {
            passes.forEach(Breaker.Pass::begun);
        }

        /// What had [begun][#begun()] broke off.
        public void brokeOff(RuntimeException failure) {
            passes.forEach(pass -> pass.brokeOff(failure));
        }

        public void succeeded() {
            passes.forEach(Breaker.Pass::succeeded);
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                passes.forEach(Breaker.Pass::left);
                taken.forEach(Semaphore::release);
            }
        }
    }
}
