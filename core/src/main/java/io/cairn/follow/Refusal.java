package io.cairn.follow;

import io.cairn.event.Appended;
import java.util.Set;
import java.util.UUID;

/// What an event leads to cannot be committed: not through a fault of the store, but since something else is in the
/// way.
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Appended outcome;

    Refusal(Appended outcome) {
        super(message(outcome));
        this.outcome = outcome;
    }

    private static String message(Appended outcome) {
        return switch (outcome) {
            case Appended.Conflict(var stream, var version) ->
                "it appends to stream %s, which is at version %d and not as expected".formatted(stream, version);
            case Appended.Duplicate(var recorded, var at) ->
                "it appends events that are there already: " + recorded.keySet();
            case Appended.Refused(var faults) -> "it appends events that are not as their schemas say: " + faults;
            case Appended.Unmet(var row, var found) -> "it expects %s and finds %s".formatted(row, found);
            case Appended.Written written -> throw new IllegalArgumentException("Nothing was refused: " + written);
        };
    }

    /// Whether all that was to be appended has been, so that it happened before.
    boolean isRepetition(Set<UUID> events) {
        return outcome instanceof Appended.Duplicate(var recorded, var at)
                && recorded.keySet().equals(events);
    }

    /// Whether it may pass when the event is looked at again.
    boolean mayPass() {
        return outcome instanceof Appended.Conflict || outcome instanceof Appended.Unmet;
    }
}
