package io.cairn.refresh;

import java.time.Instant;
import java.util.Optional;

/// A change of the model of the dense index, under way or as it ended.
///
/// @param from the space of the index that answered when it began
/// @param to the space of the index that is to answer
/// @param paused whether it waits for an operator
/// @param accepted whether the new index takes over whatever the comparison says
/// @param done texts that have a vector of the new model
/// @param total texts that need one
/// @param reason why it waits, or why it ended as it did
/// @param tokens that the new model has read for it
/// @param estimate what it was thought to take, worked out before it began
/// @param estimateOnly whether it is not to go further than that
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
        Instant changedAt,
        long tokens,
        Optional<Estimate> estimate,
        boolean estimateOnly) {
    static Refresh begun(Phase first, String from, String to, boolean accepted, String by, Instant now) {
        return new Refresh(
                first,
                from,
                to,
                false,
                accepted,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                by,
                now,
                now,
                0,
                Optional.empty(),
                false);
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

    Refresh accepted(boolean now) {
        return with(phase, paused, now, done, total, reason, comparison);
    }

    Refresh compared(Comparison result) {
        return with(phase, paused, accepted, done, total, reason, Optional.of(result));
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
                changedAt,
                tokens,
                estimate,
                estimateOnly);
    }

    Refresh at(Instant now) {
        return with(now, tokens, estimate, estimateOnly);
    }

    Refresh spent(long more) {
        return with(changedAt, tokens + more, estimate, estimateOnly);
    }

    Refresh estimated(Estimate found) {
        return with(changedAt, tokens, Optional.of(found), estimateOnly);
    }

    Refresh estimateOnly(boolean only) {
        return with(changedAt, tokens, estimate, only);
    }

    private Refresh with(Instant now, long nowTokens, Optional<Estimate> nowEstimate, boolean only) {
        return new Refresh(
                phase,
                from,
                to,
                paused,
                accepted,
                done,
                total,
                reason,
                comparison,
                startedBy,
                startedAt,
                now,
                nowTokens,
                nowEstimate,
                only);
    }
}
