package io.cairn.recall;

/// How well a unit answers a query, from 0 to 1, told from the unit and the query alone.
final class Relevance {
    /// Below, texts have nothing to do with each other; above, they say the same.
    private static final double COSINE_NONE = .5;
    private static final double COSINE_FULL = .85;

    private Relevance() {}

    static double ofCosine(double cosine) {
        return clamped((cosine - COSINE_NONE) / (COSINE_FULL - COSINE_NONE));
    }

    /// The share of the query's words, weighed by their rarity, that the unit has.
    ///
    /// @param best the score of a unit that has them all
    static double ofWords(double score, double best) {
        return best == 0 ? 0 : clamped(score / best);
    }

    private static double clamped(double value) {
        return Math.max(0, Math.min(1, value));
    }
}
