package io.cairn.task;

import java.util.regex.Pattern;

/// A lane: tasks of one kind of work that share a bound, and never wait behind those of another lane.
///
/// @param name 1 to 64 of `a-z 0-9 _ - .`, starting with a letter or a digit
/// @param order whether tasks of one key follow each other
/// @param bound how many run at a time on each node
public record Lane(String name, Order order, int bound) {
    /// What holds among the tasks of a lane that have the same key.
    public enum Order {
        /// Nothing: they run side by side.
        PARALLEL,
        /// One at a time, in the order in which they were enqueued; behind a dead one the others wait until it is
        /// replayed or discarded.
        SEQUENTIAL_HOLD,
        /// One at a time, in order; behind a dead one the next one goes on.
        SEQUENTIAL_PASS;

        boolean isSequential() {
            return this != PARALLEL;
        }
    }

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,63}");

    public Lane {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "A lane's name is 1 to 64 of a-z, 0-9, '_', '-' and '.', starting with a letter or digit; found '%s'"
                            .formatted(name));
        }
        if (bound < 1) {
            throw new IllegalArgumentException("Lane %s lets at least one task run; found %d".formatted(name, bound));
        }
    }

    public static Lane parallel(String name, int bound) {
        return new Lane(name, Order.PARALLEL, bound);
    }

    public static Lane sequential(String name, int bound) {
        return new Lane(name, Order.SEQUENTIAL_HOLD, bound);
    }
}
