package io.cairn.recall;

/// How what speaks for a passage becomes its relevance, from 0 to 1: the chance that an answer which looks like this
/// one is right, if every second question had no answer in what is stored.
///
/// Two logistic curves: one over what words and meaning say together, and one over the share of the query's words
/// that a passage covers where its meaning is not known. They are fitted to the first hits of questions that were
/// answered rightly, and to the best hits of the same questions asked of a conversation that cannot answer them. What
/// stands in a text as it is asked for, such as an id, counts for itself, see [Exact].
/// Cosines differ from model to model, so the curves belong to the model; `scripts/bench relevance` fits them for
/// another one. The figures are in `docs/BENCHMARKS.md`.
///
/// @param slope of the curve over words and meaning
/// @param offset of that curve, which is at a half where the score is offset / slope
/// @param wordsSlope of the curve over words alone
/// @param wordsOffset of that curve
/// @param fits from which a hit is taken to fit
public record Relevance(double slope, double offset, double wordsSlope, double wordsOffset, double fits) {
    public Relevance {
        if (!(slope > 0 && wordsSlope > 0)) {
            throw new IllegalArgumentException("Relevance grows with what speaks for a passage; found slopes %s and %s"
                    .formatted(slope, wordsSlope));
        }
        if (!(fits >= 0 && fits <= 1)) {
            throw new IllegalArgumentException("A hit fits from a relevance of 0 to 1; found " + fits);
        }
    }

    /// Of bge-small-en, which comes with Cairn; fitted on two of the five conversations of `dialogs`.
    public static Relevance defaults() {
        return new Relevance(14.9, 11.9, 41.9, 8.7, .3);
    }

    /// @param score of words and meaning together
    double meant(double score) {
        return logistic(slope * score - offset);
    }

    /// @param coverage the share of the query's words
    double worded(double coverage) {
        return logistic(wordsSlope * coverage - wordsOffset);
    }

    private static double logistic(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
