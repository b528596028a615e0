package io.cairn.refresh;

import java.time.Duration;
import java.util.Optional;

/// When a new index may take over.
///
/// Judged questions decide where there are some. Without, the new index has to agree with the old one to a degree, on
/// enough queries that were really asked: two good models find much of the same.
///
/// @param queriesMin asked queries that are needed where no question is judged
/// @param overlapMin the least overlap of the ten best hits, where no question is judged
/// @param recallLossMax how much less of the judged sources the new index may find
/// @param slowerTimesMax how many times as long 95 of 100 queries may take
/// @param slowerByMax or how much longer, whichever is more
public record RefreshRule(
        int queriesMin, double overlapMin, double recallLossMax, double slowerTimesMax, Duration slowerByMax) {
    public RefreshRule {
        if (queriesMin < 0 || overlapMin < 0 || overlapMin > 1 || recallLossMax < 0 || slowerTimesMax < 1) {
            throw new IllegalArgumentException(
                    "A rule needs 0 or more queries, an overlap from 0 to 1, a loss of 0 or more and a slowness of 1"
                            + " or more");
        }
    }

    public static RefreshRule defaults() {
        return new RefreshRule(20, .5, .02, 2, Duration.ofMillis(200));
    }

    /// Why the new index may not take over; nothing if it may.
    Optional<String> refusal(Comparison found) {
        return found.judged() > 0
                ? worse(found).or(() -> slower(found))
                : other(found).or(() -> slower(found));
    }

    private Optional<String> worse(Comparison found) {
        return found.recallAfter() < found.recallBefore() - recallLossMax
                ? Optional.of("The new index finds %.3f of the sources of %d judged questions, the old one %.3f"
                        .formatted(found.recallAfter(), found.judged(), found.recallBefore()))
                : Optional.empty();
    }

    private Optional<String> other(Comparison found) {
        if (found.queries() < queriesMin) {
            return Optional.of(
                    "There is too little to compare by: no judged questions, and %d of at least %d queries since the server started"
                            .formatted(found.queries(), queriesMin));
        }
        return found.overlap() < overlapMin
                ? Optional.of(
                        "Of the ten best hits of %d queries only %.2f are the same in both indexes; %.2f is the least"
                                .formatted(found.queries(), found.overlap(), overlapMin))
                : Optional.empty();
    }

    private Optional<String> slower(Comparison found) {
        var max = Math.max(
                found.p95Before().toMillis() * slowerTimesMax,
                found.p95Before().plus(slowerByMax).toMillis());
        return found.p95After().toMillis() > max
                ? Optional.of("With the new model 95 of 100 queries take up to %d ms, with the old one %d ms"
                        .formatted(
                                found.p95After().toMillis(), found.p95Before().toMillis()))
                : Optional.empty();
    }
}
