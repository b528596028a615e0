package io.cairn.guard;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Keeps callers away from a service that failed several times in a row: nobody waits for what will not answer.
///
/// After a while one caller is let through. If the service answers it, all are let through again; if not, the while
/// begins anew.
public final class Breaker {
    // The caller that is let through holds a pass, and all others are turned away until the pass comes back. So the
    // pass comes back on every way out, also where the service was never asked, and counts once, however often it is
    // told.
    //
    // An answer that takes long gives the pass back when it begins, so that it holds nobody up. What breaks off later
    // is counted apart: the beginning of the next one would make the count of failures 0 each time. One broken
    // connection takes along all that came over it, so only what began after the last break counts as another one.

    private static final System.Logger LOG = System.getLogger(Breaker.class.getName());
    private static final Duration WHILE_ASKED = Duration.ofSeconds(1);

    /// Who is let through.
    public enum State {
        /// Everybody.
        CLOSED,
        /// One, to see whether the service answers.
        HALF_OPEN,
        /// Nobody.
        OPEN
    }

    /// When it opens, and for how long.
    ///
    /// @param failures in a row after which nobody is let through
    /// @param open how long nobody is
    public record Settings(int failures, Duration open) {
        public Settings {
            if (failures < 1 || open.isNegative() || open.isZero()) {
                throw new IllegalArgumentException(
                        "A breaker opens after one failure or more, for some time; found %d, %s"
                                .formatted(failures, open));
            }
        }
    }

    private final String service;
    private final Failures kinds;
    private final Settings settings;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private int failures;
    private int breaks;
    private @Nullable Long openedAt;
    private boolean asking;
    private boolean answered;
    private long refused;

    /// @param service what it is called in messages and metrics
    /// @param kinds how its failures are read
    /// @param nanos tells time, as `System::nanoTime` does
    public Breaker(String service, Failures kinds, Settings settings, LongSupplier nanos) {
        this.service = service;
        this.kinds = kinds;
        this.settings = settings;
        this.nanos = nanos;
    }

    public String service() {
        return service;
    }

    public State state() {
        return locked(() -> {
            if (openedAt == null) {
                return State.CLOSED;
            }
            return left(openedAt).isPositive() ? State.OPEN : State.HALF_OPEN;
        });
    }

    /// Whether the service has answered since it was last left alone, or since the start if it never was.
    public boolean hasAnswered() {
        return locked(() -> answered);
    }

    /// Callers that were not let through since the start.
    public long refused() {
        return locked(() -> refused);
    }

    /// Lets the caller through.
    ///
    /// @throws RuntimeException of the service's own kind that says when to ask again, if it does not
    public Pass enter() {
        return locked(() -> {
            var opened = openedAt;
            if (opened == null) {
                return new Pass(false);
            }
            var left = left(opened);
            if (left.isPositive() || asking) {
                refused++;
                throw away(left.isPositive() ? left : WHILE_ASKED);
            }
            asking = true;
            return new Pass(true);
        });
    }

    /// Asks the service, if the caller is let through.
    ///
    /// @throws RuntimeException of the service, or one of the same kind that says when to ask again
    public <T> T ask(Supplier<T> work) {
        var pass = enter();
        try {
            T answer = work.get();
            pass.succeeded();
            return answer;
        } catch (RuntimeException e) {
            pass.tell(e);
            throw e;
        } finally {
            pass.left();
        }
    }

    private RuntimeException away(Duration left) {
        return kinds.turnedAway(
                "The %s failed %d times in a row and is asked again in %d s"
                        .formatted(service, settings.failures(), Math.max(1, left.toSeconds())),
                left);
    }

    private Duration left(long opened) {
        return settings.open().minusNanos(nanos.getAsLong() - opened);
    }

    /// What a caller holds that was let through.
    public final class Pass {
        private final boolean first;
        private boolean returned;
        private boolean underWay;
        private int breaksBefore;

        private Pass(boolean first) {
            this.first = first;
        }

        /// The service answered, to the end.
        public void succeeded() {
            begun();
            ended(() -> breaks = 0);
        }

        /// The service began to answer; what becomes of the answer is told later.
        public void begun() {
            back(() -> {
                underWay = true;
                breaksBefore = breaks;
                answered = true;
                if (first || openedAt == null) {
                    failures = 0;
                    if (openedAt != null) {
                        LOG.log(System.Logger.Level.INFO, "The {0} answers again", service);
                    }
                    openedAt = null;
                }
            });
        }

        /// The service did not answer, or did not do its work for now.
        public void failed() {
            back(() -> {
                if (first || openedAt == null && ++failures >= settings.failures()) {
                    open();
                }
            });
        }

        /// What had [begun][#begun()] broke off, in a way that may or may not say that the service does
        /// not answer.
        public void brokeOff(RuntimeException failure) {
            switch (kinds.kind(failure)) {
                case TRANSIENT, UNKNOWN ->
                    ended(() -> {
                        if (openedAt == null && breaksBefore == breaks && ++breaks >= settings.failures()) {
                            open();
                        }
                    });
                case LIMITED, PERMANENT -> ended(() -> {});
            }
        }

        /// The service failed in a way that may or may not say that it does not answer.
        public void tell(RuntimeException failure) {
            switch (kinds.kind(failure)) {
                case TRANSIENT, UNKNOWN -> failed();
                case LIMITED, PERMANENT -> left();
            }
        }

        /// What happened says nothing about the service.
        public void left() {
            back(() -> {});
        }

        private void ended(Runnable counted) {
            locked(() -> {
                if (underWay) {
                    underWay = false;
                    counted.run();
                }
                return underWay;
            });
        }

        private void back(Runnable counted) {
            locked(() -> {
                if (!returned) {
                    returned = true;
                    counted.run();
                    asking &= !first;
                }
                return returned;
            });
        }
    }

    private void open() {
        openedAt = nanos.getAsLong();
        answered = false;
        LOG.log(
                System.Logger.Level.WARNING,
                "The {0} failed {1} times in a row; nobody asks it for {2}",
                service,
                Math.max(failures, breaks),
                settings.open());
    }

    private <T> T locked(Supplier<T> work) {
        lock.lock();
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
