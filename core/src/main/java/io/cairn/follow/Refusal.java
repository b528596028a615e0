package io.cairn.follow;

import io.cairn.event.Appended;
import java.util.Set;
import java.util.UUID;

/// The log has refused what follows from an event: the store works, but something else is in the way, such as a
/// stream that has grown.
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

    /// Whether all events that were to be appended are in the log already, so that this is a repetition.
    boolean isRepetition(Set<UUID> events) {
        return outcome instanceof Appended.Duplicate(var recorded, var at)
                && recorded.keySet().equals(events);
    }

    /// Whether the cause may be gone at the next attempt.
    boolean mayPass() {
        return outcome instanceof Appended.Conflict || outcome instanceof Appended.Unmet;
    }
}
