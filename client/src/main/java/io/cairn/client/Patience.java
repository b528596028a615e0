package io.cairn.client;

import java.time.Duration;
import java.util.Optional;

/// How often a call is tried, and how long the client waits between two tries.
///
/// Waits double from `first` up to `longest`, each shortened at random by up to a half, so that many clients
/// do not come back together. When the server names a time, that counts; if it is more than `longest_asked`,
/// the call fails instead.
public record Patience(int tries, Duration first, Duration longest, Duration longestAsked) {
    public Patience {
        if (tries < 1) {
            throw new IllegalArgumentException("tries is " + tries + ", at least 1 is needed");
        }
        if (first.isNegative() || longest.compareTo(first) < 0) {
            throw new IllegalArgumentException("waits go from " + first + " to " + longest + ", which is no range");
        }
    }

    /// Four tries within some seconds; up to a minute when the server asks for it.
    public static Patience usual() {
        return new Patience(4, Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofMinutes(1));
    }

    /// One try.
    public static Patience none() {
        return new Patience(1, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    /// How long to wait after a failed try, or empty when it was the last one; `chance` is in [0, 1).
    Optional<Duration> after(int failedTries, Optional<Duration> asked, double chance) {
        if (failedTries >= tries
                || asked.filter(wait -> wait.compareTo(longestAsked) > 0).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(asked.orElseGet(() -> between(failedTries, chance)));
    }

    /// How long to wait after so many failed tries, for whoever never gives up.
    Duration between(int failedTries, double chance) {
        long millis = Math.min(longest.toMillis(), first.toMillis() << Math.min(failedTries - 1, 20));
        return Duration.ofMillis(Math.round(millis * (1 - chance / 2)));
    }
}
