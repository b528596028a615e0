package io.cairn.recall;

import io.cairn.passage.Kind;
import io.cairn.passage.PassageRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Makes one ranking of what the legs found.
///
/// A passage scores what its vector and its words say by themselves, whatever the other candidates are: cosine
/// above a floor, and the share of the query's words that it covers. Passages of the speaker whom the query
/// names get a boost, and a message is lent a little of what the next one in its session scores, since an
/// answer often follows its question; nothing is lent to one that has next to nothing of the query itself. Of messages
/// of one speaker that fit alike the later one comes first, since it may correct the other. As the parts are absolute,
/// so is their sum: the relevance to which thresholds apply follows from it. Where the meaning of a passage is not
/// known, since it has no vector yet or the query has none, the words that it covers stand for it.
final class Fusion {
    static final String LEXICAL = "lexical";
    static final String DENSE = "dense";

    /// The boost of a passage whose meaning is not known.
    static final String UNREAD = "unread";

    private static final String NEXT = "next";
    private static final String LATER = "later";
    private static final int UNSETTLED_PER_HIT = 3;

    /// So many of the best are looked at for a later one of the same speaker.
    private static final int LATER_AMONG = 100;

    private final RecallSettings settings;
    private final Set<String> names;
    private final double exact;

    /// @param query of which names with digits count for what they are
    /// @param names words of the query that are part of a speaker's name
    Fusion(RecallSettings settings, String query, Set<String> names) {
        this.settings = settings;
        this.names = names;
        this.exact = Exact.of(query).share();
    }

    /// A passage with what speaks for it.
    ///
    /// @param relevance 0 to 1
    record Ranked(PassageRef ref, double score, double relevance, List<Hit.LegScore> legs, Map<String, Double> boosts) {
        Ranked boosted(String boost, double by) {
            var all = Stream.concat(boosts.entrySet().stream(), Stream.of(Map.entry(boost, by)))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
            return new Ranked(ref, score + by, relevance, legs, all);
        }
    }

    Set<String> names() {
        return names;
    }

    /// Passages that were found by their words alone, and whose rank among the best may rest on what they mean.
    ///
    /// Of very many passages that are alike, the one with the query's rare word may not be among the nearest, and
    /// means nearly as much as they do. It is one of the first by its words, so the others are left alone.
    static List<PassageRef> unsettled(List<Candidate> lexical, List<Candidate> dense, int best) {
        var meant = dense.stream().map(candidate -> candidate.ref().id()).collect(Collectors.toSet());
        return lexical.stream()
                .limit(UNSETTLED_PER_HIT * (long) best)
                .map(Candidate::ref)
                .filter(ref -> !meant.contains(ref.id()))
                .toList();
    }

    private double words(double coverage) {
        return settings.lexicalWeight() * coverage;
    }

    private double meaning(double cosine) {
        return Math.max(0, cosine - settings.cosineFloor()) / settings.cosineSpan();
    }

    /// A number or an id is like another one and means nothing: as far as the query is made of such, what a passage
    /// means counts by the share of the words that it covers.
    private double meaning(Candidate candidate, Map<String, Double> coverage) {
        double covered = coverage.getOrDefault(candidate.ref().id(), 0.0);
        return meaning(candidate.score()) * (1 - exact * (1 - covered));
    }

    /// @param unread ids of passages whose meaning is not known
    List<Ranked> rank(List<Candidate> lexical, List<Candidate> dense, Set<String> unread) {
        var ranked = new LinkedHashMap<String, Ranked>();
        var coverage = lexical.stream()
                .collect(Collectors.toMap(candidate -> candidate.ref().id(), Candidate::score, (one, other) -> one));
        add(LEXICAL, lexical, candidate -> words(candidate.score()), ranked);
        add(DENSE, dense, candidate -> meaning(candidate, coverage), ranked);
        for (var candidate : lexical) {
            if (unread.contains(candidate.ref().id())) {
                ranked.computeIfPresent(candidate.ref().id(), (id, passage) -> presumed(passage, candidate.score()));
            }
        }
        ranked.replaceAll(
                (id, passage) -> named(passage) ? passage.boosted("speaker", settings.speakerBoost()) : passage);
        return laterFirst(ranked.values().stream()
                .map(passage -> lent(passage, ranked))
                .sorted(Comparator.comparingDouble(Ranked::score)
                        .reversed()
                        .thenComparing(passage -> passage.ref().id()))
                .toList());
    }

    /// The same, with later messages in front of those of the same speaker that they follow closely.
    private List<Ranked> laterFirst(List<Ranked> ranked) {
        var ordered = new ArrayList<>(ranked);
        for (int i = 1; i < Math.min(LATER_AMONG, ordered.size()); i++) {
            var passage = ordered.get(i);
            int at = 0;
            while (at < i && !corrects(passage, ordered.get(at))) {
                at++;
            }
            if (at < i) {
                double above = ordered.get(at).score() - passage.score();
                ordered.remove(i);
                ordered.add(at, passage.boosted(LATER, above));
            }
        }
        return ordered;
    }

    private boolean corrects(Ranked later, Ranked earlier) {
        var one = later.ref();
        var other = earlier.ref();
        return earlier.score() - later.score() <= settings.later()
                && one.at() != null
                && other.at() != null
                && one.at() > other.at()
                && one.speaker() != null
                && one.speaker().equals(other.speaker());
    }

    private void add(
            String leg, List<Candidate> candidates, ToDoubleFunction<Candidate> worth, Map<String, Ranked> ranked) {
        int rank = 1;
        for (var candidate : candidates) {
            double weighted = worth.applyAsDouble(candidate);
            var score = new Hit.LegScore(leg, candidate.score(), weighted, rank++);
            ranked.merge(
                    candidate.ref().id(),
                    new Ranked(candidate.ref(), weighted, relevance(weighted), List.of(score), Map.of()),
                    (earlier, later) -> new Ranked(
                            earlier.ref(),
                            earlier.score() + weighted,
                            relevance(earlier.score() + weighted),
                            Stream.concat(earlier.legs().stream(), later.legs().stream())
                                    .toList(),
                            Map.of()));
        }
    }

    private Ranked presumed(Ranked passage, double coverage) {
        var boosted = passage.boosted(UNREAD, settings.unread() * coverage);
        double relevance = settings.relevance().worded(coverage);
        return new Ranked(passage.ref(), boosted.score(), relevance, passage.legs(), boosted.boosts());
    }

    private double relevance(double score) {
        return settings.relevance().meant(score);
    }

    private boolean named(Ranked passage) {
        var speaker = passage.ref().speaker();
        return !names.isEmpty()
                && speaker != null
                && SpeakerNames.words(speaker).containsAll(names);
    }

    private Ranked lent(Ranked passage, Map<String, Ranked> ranked) {
        var next =
                passage.ref().kind() == Kind.MESSAGE ? ranked.get(passage.ref().next()) : null;
        return next != null
                        && next.ref().session() == passage.ref().session()
                        && passage.score() >= settings.lentFrom() * next.score()
                ? passage.boosted(NEXT, settings.nextLends() * next.score())
                : passage;
    }
}
