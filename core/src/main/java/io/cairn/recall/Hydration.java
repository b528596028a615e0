package io.cairn.recall;

import io.cairn.event.EventLog;
import io.cairn.event.TenantView;
import io.cairn.passage.Excerpt;
import io.cairn.passage.PassageRef;
import io.cairn.passage.Source;
import io.cairn.tenant.Tenant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/// Looks up what was found, in one snapshot of the log: an index may lag, the log does not.
///
/// What is deleted, superseded or unreadable by now is left out, and the next candidate takes its place.
///
/// As many candidates as hits are still wanted are looked up together, so that an answer takes a few statements,
/// however many hits it has.
final class Hydration {
    /// So many candidates are looked up together where hits are grouped, since the first of a group may be gone.
    private static final int GROUPED = 50;

    /// So many candidates for each wanted hit are looked up though they seem irrelevant, where the query has words that
    /// only their texts can show as they are written.
    private static final int DOUBTED = 3;

    private final TenantView view;
    private final List<Source> sources;
    private final Query query;
    private final Exact exact;

    private Hydration(TenantView view, List<Source> sources, Query query) {
        this.view = view;
        this.sources = sources;
        this.query = query;
        this.exact = Exact.of(query.text());
    }

    static List<Hit> hits(EventLog log, Tenant tenant, List<Source> sources, List<Fusion.Ranked> ranked, Query query) {
        return log.read(tenant, view -> new Hydration(view, sources, query).hits(ranked));
    }

    private List<Hit> hits(List<Fusion.Ranked> ranked) {
        var hits = new ArrayList<Hit>();
        var told = new HashSet<String>();
        int doubted = exact.tells() ? DOUBTED * query.limit() : 0;
        var left = new ArrayDeque<>(IntStream.range(0, ranked.size())
                .filter(rank -> rank < doubted || relevant(ranked.get(rank).relevance()))
                .mapToObj(ranked::get)
                .toList());
        while (hits.size() < query.limit() && !left.isEmpty()) {
            int wanted = query.limit() - hits.size();
            var next = next(left, query.groupBy().isEmpty() ? wanted : Math.max(wanted, GROUPED), told);
            var excerpts = excerpts(next.stream().map(Fusion.Ranked::ref).toList());
            for (var candidate : next) {
                var excerpt = excerpts.get(candidate.ref());
                if (hits.size() >= query.limit() || excerpt == null) {
                    continue;
                }
                double relevance = relevance(candidate, excerpt);
                if (relevant(relevance) && told.add(Grouping.of(candidate.ref(), query.groupBy()))) {
                    hits.add(hit(candidate, excerpt, relevance));
                }
            }
        }
        return hits;
    }

    /// The next candidates that are of no group of which the best hit is told already.
    private List<Fusion.Ranked> next(Deque<Fusion.Ranked> left, int most, Set<String> told) {
        var next = new ArrayList<Fusion.Ranked>();
        while (next.size() < most && !left.isEmpty()) {
            var candidate = left.removeFirst();
            if (!told.contains(Grouping.of(candidate.ref(), query.groupBy()))) {
                next.add(candidate);
            }
        }
        return next;
    }

    private Map<PassageRef, Excerpt> excerpts(List<PassageRef> refs) {
        var excerpts = new HashMap<PassageRef, Excerpt>();
        for (var source : sources) {
            var own = refs.stream().filter(ref -> ref.kind() == source.kind()).toList();
            if (!own.isEmpty()) {
                excerpts.putAll(source.excerpts(view, own));
            }
        }
        return excerpts;
    }

    private boolean relevant(double relevance) {
        return relevance >= query.threshold().orElse(0);
    }

    /// An id that stands in a text as it is asked for is what was looked for, whatever the model and the other words
    /// say.
    private double relevance(Fusion.Ranked candidate, Excerpt excerpt) {
        return exact.tells() ? Math.max(candidate.relevance(), exact.found(excerpt.text())) : candidate.relevance();
    }

    private static Hit hit(Fusion.Ranked ranked, Excerpt excerpt, double relevance) {
        return new Hit(
                ranked.ref().id(),
                ranked.ref().kind(),
                excerpt.text(),
                ranked.score(),
                relevance,
                ranked.legs(),
                ranked.boosts(),
                excerpt.at(),
                excerpt.citation());
    }
}
