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

/// Looks up what was found, in one snapshot of the log: an index may lag, the log does not.
///
/// What is deleted, superseded or unreadable by now is left out, and the next candidate takes its place.
///
/// As many candidates as hits are still wanted are looked up together, so that an answer takes a few statements,
/// however many hits it has.
final class Hydration {
    /// So many candidates are looked up together where hits are grouped, since the first of a group may be gone.
    private static final int GROUPED = 50;

    private final TenantView view;
    private final List<Source> sources;

    private Hydration(TenantView view, List<Source> sources) {
        this.view = view;
        this.sources = sources;
    }

    static List<Hit> hits(EventLog log, Tenant tenant, List<Source> sources, List<Fusion.Ranked> ranked, Query query) {
        var relevant = ranked.stream()
                .filter(candidate -> candidate.relevance() >= query.threshold().orElse(0))
                .toList();
        return log.read(tenant, view -> new Hydration(view, sources).hits(relevant, query));
    }

    private List<Hit> hits(List<Fusion.Ranked> ranked, Query query) {
        var hits = new ArrayList<Hit>();
        var told = new HashSet<String>();
        var left = new ArrayDeque<>(ranked);
        while (hits.size() < query.limit() && !left.isEmpty()) {
            int wanted = query.limit() - hits.size();
            var next = next(left, query.groupBy().isEmpty() ? wanted : Math.max(wanted, GROUPED), told, query);
            var excerpts = excerpts(next.stream().map(Fusion.Ranked::ref).toList());
            for (var candidate : next) {
                var excerpt = excerpts.get(candidate.ref());
                if (hits.size() < query.limit()
                        && excerpt != null
                        && told.add(Grouping.of(candidate.ref(), query.groupBy()))) {
                    hits.add(hit(candidate, excerpt));
                }
            }
        }
        return hits;
    }

    /// The next candidates that are of no group of which the best hit is told already.
    private static List<Fusion.Ranked> next(Deque<Fusion.Ranked> left, int most, Set<String> told, Query query) {
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

    private static Hit hit(Fusion.Ranked ranked, Excerpt excerpt) {
        return new Hit(
                ranked.ref().id(),
                ranked.ref().kind(),
                excerpt.text(),
                ranked.score(),
                ranked.relevance(),
                ranked.legs(),
                ranked.boosts(),
                excerpt.at(),
                excerpt.citation());
    }
}
