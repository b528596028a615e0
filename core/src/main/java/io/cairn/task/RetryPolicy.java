package io.cairn.task;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// When a task that failed is tried again, and when it gives up.
///
/// It gives up once it has used its attempts *and* has been failing for so long: an outage of hours kills nothing that
/// could have waited. A policy that names [attempts][#attempts] and no time gives up after these, however soon.
///
/// @param attemptsMax failed attempts after which it may give up
/// @param giveUpAfter how long it has to have been failing before it gives up; zero if attempts alone decide
/// @param first wait; each further one is twice as long
/// @param longest wait
/// @param crashesMax after so many attempts of which nobody heard again, since their process died, it gives up
public record RetryPolicy(int attemptsMax, Duration giveUpAfter, Duration first, Duration longest, int crashesMax) {
    private static final int DOUBLINGS_MAX = 30;

    /// An outage that somebody has to notice and to mend.
    private static final Duration HOURS = Duration.ofHours(12);

    public RetryPolicy {
        if (attemptsMax < 1 || crashesMax < 1) {
            throw new IllegalArgumentException("A task has at least one attempt and one crash; found %d and %d"
                    .formatted(attemptsMax, crashesMax));
        }
        if (first.isNegative() || giveUpAfter.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException(
                    "Waits are not negative, and the longest (%s) is no shorter than the first (%s)"
                            .formatted(longest, first));
        }
    }

    public static RetryPolicy defaults() {
        return new RetryPolicy(10, HOURS, Duration.ofSeconds(1), Duration.ofMinutes(10), 3);
    }

    /// Gives up after so many attempts, however soon; say [when at the earliest][#givingUpAfter] behind it.
    public RetryPolicy attempts(int max) {
        return new RetryPolicy(max, Duration.ZERO, first, longest, crashesMax);
    }

    public RetryPolicy givingUpAfter(Duration time) {
        return new RetryPolicy(attemptsMax, time, first, longest, crashesMax);
    }

    public RetryPolicy waiting(Duration shortest, Duration most) {
        return new RetryPolicy(attemptsMax, giveUpAfter, shortest, most, crashesMax);
    }

    boolean givesUp(long attempts, Duration failingFor) {
        return attempts >= attemptsMax && failingFor.compareTo(giveUpAfter) >= 0;
    }

    /// Between half of the wait and all of it, so that tasks which failed together do not come back together.
    Duration waitAfter(long failures, RandomGenerator random) {
        long doublings = Math.clamp(failures - 1, 0, DOUBLINGS_MAX);
        long whole = Math.min(longest.toMillis(), saturated(first.toMillis(), doublings));
        return Duration.ofMillis(whole / 2 + (whole == 0 ? 0 : random.nextLong(whole / 2 + 1)));
    }

    private static long saturated(long millis, long doublings) {
        return millis > Long.MAX_VALUE >> doublings ? Long.MAX_VALUE : millis << doublings;
    }
}
