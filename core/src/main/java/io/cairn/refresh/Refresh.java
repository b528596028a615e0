package io.cairn.refresh;

import java.time.Instant;
import java.util.Optional;

/// A change of the model of the dense index, under way or as it ended.
///
/// @param from the space of the index that answered when it began
/// @param to the space of the index that is to answer
/// @param paused whether an operator keeps it from going on
/// @param accepted whether the new index takes over whatever the comparison says
/// @param done texts that have a vector of the new model
/// @param total texts that need one
/// @param reason why it waits, or why it ended as it did
public record Refresh(
        Phase phase,
        String from,
        String to,
        boolean paused,
        boolean accepted,
        long done,
        long total,
        Optional<String> reason,
        Optional<Comparison> comparison,
        String startedBy,
        Instant startedAt,
        Instant changedAt) {
    static Refresh begun(String from, String to, boolean accepted, String by, Instant now) {
        return new Refresh(
                Phase.EMBEDDING, from, to, false, accepted, 0, 0, Optional.empty(), Optional.empty(), by, now, now);
    }

    public boolean underWay() {
        return phase.underWay();
    }

    Refresh in(Phase next) {
        return with(next, paused, accepted, done, total, Optional.empty(), comparison);
    }

    Refresh ended(Phase end, String why) {
        return with(end, false, accepted, done, total, Optional.of(why), comparison);
    }

    Refresh progress(long nowDone, long nowTotal) {
        return with(phase, paused, accepted, nowDone, nowTotal, Optional.empty(), comparison);
    }

    Refresh waiting(String why) {
        return with(phase, paused, accepted, done, total, Optional.of(why), comparison);
    }

    Refresh paused(boolean now, Optional<String> why) {
        return with(phase, now, accepted, done, total, why, comparison);
    }

    Refresh acceptedNow() {
        return with(phase, paused, true, done, total, reason, comparison);
    }

    Refresh compared(Comparison result) {
        return with(phase, paused, accepted, done, total, reason, Optional.of(result));
    }

    Refresh at(Instant now) {
        return new Refresh(
                phase, from, to, paused, accepted, done, total, reason, comparison, startedBy, startedAt, now);
    }

    private Refresh with(
            Phase nowIn,
            boolean nowPaused,
            boolean nowAccepted,
            long nowDone,
            long nowTotal,
            Optional<String> why,
            Optional<Comparison> result) {
        return new Refresh(
                nowIn,
                from,
                to,
                nowPaused,
                nowAccepted,
                nowDone,
                nowTotal,
                why,
                result,
                startedBy,
                startedAt,
                changedAt);
    }
}
