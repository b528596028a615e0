package io.cairn.task;

import io.cairn.guard.Breaker;
import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A type of task: its name, its lane, and how it is done.
///
/// @param name 1 to 100 letters, digits, '.', '_' or '-', starting with a letter
/// @param lane the name of its lane
/// @param timeMax how long an attempt may take before it is interrupted and counts as failed
/// @param breaker while it is open tasks are put off, which is no attempt
public record TaskType(
        String name,
        String lane,
        RetryPolicy retry,
        Duration timeMax,
        @Nullable Breaker breaker,
        Handler handler) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,99}");
    private static final Duration TIME = Duration.ofMinutes(1);

    public TaskType {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "A type of task is 1 to 100 letters, digits, '.', '_' or '-' and starts with a letter; found '%s'"
                            .formatted(name));
        }
        if (!timeMax.isPositive()) {
            throw new IllegalArgumentException("An attempt of %s needs some time; found %s".formatted(name, timeMax));
        }
    }

    public static TaskType of(String name, String lane, Handler handler) {
        return new TaskType(name, lane, RetryPolicy.defaults(), TIME, null, handler);
    }

    public TaskType retrying(RetryPolicy policy) {
        return new TaskType(name, lane, policy, timeMax, breaker, handler);
    }

    /// Keeps its tasks away from a service that has failed several times in a row.
    public TaskType guardedBy(Breaker guard) {
        return new TaskType(name, lane, retry, timeMax, guard, handler);
    }

    public TaskType within(Duration time) {
        return new TaskType(name, lane, retry, time, breaker, handler);
    }
}
