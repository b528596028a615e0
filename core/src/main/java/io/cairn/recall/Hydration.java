package io.cairn.recall;

import io.cairn.event.EventLog;
import io.cairn.event.TenantView;
import io.cairn.passage.Excerpt;
import io.cairn.passage.PassageRef;
import io.cairn.passage.Source;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Looks up what was found, in one snapshot of the log: an index may lag, the log does not.
///
/// What is deleted, superseded or unreadable by now is left out, and the next candidate takes its place.
///
/// As many candidates as hits are still wanted are looked up together, so that an answer takes a few statements,
/// however many hits it has.
final class Hydration {
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
        return log.read(tenant, view -> new Hydration(view, sources).hits(relevant, query.limit()));
    }

    private List<Hit> hits(List<Fusion.Ranked> ranked, int limit) {
        var hits = new ArrayList<Hit>();
        int from = 0;
        while (hits.size() < limit && from < ranked.size()) {
            int to = Math.min(ranked.size(), from + limit - hits.size());
            var next = ranked.subList(from, to);
            var excerpts = excerpts(next.stream().map(Fusion.Ranked::ref).toList());
            for (var candidate : next) {
                var excerpt = excerpts.get(candidate.ref());
                if (excerpt != null) {
                    hits.add(hit(candidate, excerpt));
                }
            }
            from = to;
        }
        return hits;
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
