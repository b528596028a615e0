package io.cairn.recall;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes one ranking of what the legs found: a weighted sum of each leg's scores, stretched to 0 to 1 over its own
/// candidates, and a boost for units of a speaker whom the query names.
///
/// The convex combination of min-max scores follows Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid
/// Retrieval" (2023).
final class Fusion {
    private Fusion() {}

    /// A unit with what speaks for it.
    ///
    /// @param relevance 0 to 1, whatever the other candidates are
    record Ranked(UnitRef ref, double score, double relevance, List<Hit.LegScore> legs, Map<String, Double> boosts) {}

    /// One leg's candidates, best first.
    ///
    /// @param relevance from the leg's own score to 0 to 1
    record Leg(String name, double weight, List<Candidate> candidates, Relevance relevance) {}

    /// How much a leg's own score says by itself.
    @FunctionalInterface
    interface Relevance {
        double of(double score);
    }

    private static final class Sum {
        private final UnitRef ref;
        private final List<Hit.LegScore> legs = new ArrayList<>();
        private double score;
        private double relevance;

        Sum(UnitRef ref) {
            this.ref = ref;
        }
    }

    /// @param speaker whom the query names, if it names exactly one
    static List<Ranked> rank(List<Leg> legs, Optional<String> speaker, double speakerBoost) {
        var sums = new LinkedHashMap<String, Sum>();
        for (var leg : legs) {
            add(leg, sums);
        }
        return sums.values().stream()
                .map(sum -> ranked(sum, boosts(sum.ref.speaker(), speaker, speakerBoost)))
                .sorted(Comparator.comparingDouble(Ranked::score)
                        .reversed()
                        .thenComparing(ranked -> ranked.ref().id()))
                .toList();
    }

    private static void add(Leg leg, Map<String, Sum> sums) {
        var candidates = leg.candidates();
        if (candidates.isEmpty()) {
            return;
        }
        double most = candidates.getFirst().score();
        double least = candidates.getLast().score();
        int rank = 1;
        for (var candidate : candidates) {
            double stretched = most > least ? (candidate.score() - least) / (most - least) : 1;
            var sum = sums.computeIfAbsent(candidate.ref().id(), id -> new Sum(candidate.ref()));
            sum.legs.add(new Hit.LegScore(leg.name(), candidate.score(), leg.weight() * stretched, rank++));
            sum.score += leg.weight() * stretched;
            sum.relevance = Math.max(sum.relevance, leg.relevance().of(candidate.score()));
        }
    }

    private static Map<String, Double> boosts(@Nullable String name, Optional<String> speaker, double boost) {
        return speaker.filter(named -> named.equalsIgnoreCase(name)).isPresent() ? Map.of("speaker", boost) : Map.of();
    }

    private static Ranked ranked(Sum sum, Map<String, Double> boosts) {
        double boost = boosts.values().stream().mapToDouble(Double::doubleValue).sum();
        return new Ranked(sum.ref, sum.score + boost, sum.relevance, sum.legs, boosts);
    }
}
