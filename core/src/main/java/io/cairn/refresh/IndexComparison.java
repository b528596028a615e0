package io.cairn.refresh;

import io.cairn.recall.DenseIndex;
import io.cairn.recall.Hit;
import io.cairn.recall.Query;
import io.cairn.recall.Recall;
import io.cairn.recall.Recalled;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.function.Function;

/// Asks two dense indexes the same.
///
/// Hits are those of whole recalls, by words and by meaning, as callers see them. Times are those of what differs:
/// the model embeds the query anew, and the index is searched.
final class IndexComparison {
    private static final int BEST = 10;

    private final DenseIndex before;
    private final DenseIndex after;
    private final Recall recallBefore;
    private final Recall recallAfter;
    private final List<Long> nanosBefore = new ArrayList<>();
    private final List<Long> nanosAfter = new ArrayList<>();

    IndexComparison(DenseIndex before, DenseIndex after, Function<DenseIndex, Recall> recall) {
        this.before = before;
        this.after = after;
        this.recallBefore = recall.apply(before);
        this.recallAfter = recall.apply(after);
    }

    Comparison of(List<QuerySample.Asked> asked, List<JudgedQuestion> judged) {
        double overlap = 0;
        for (var query : asked) {
            overlap += overlap(query.tenant(), Query.of(query.text()).filters(query.filters()));
        }
        double foundBefore = 0;
        double foundAfter = 0;
        for (var question : judged) {
            time(question.tenant(), question.query());
            foundBefore += question.found(hits(recallBefore, question.tenant(), question.query()));
            foundAfter += question.found(hits(recallAfter, question.tenant(), question.query()));
        }
        return new Comparison(
                asked.size(),
                mean(overlap, asked.size()),
                judged.size(),
                mean(foundBefore, judged.size()),
                mean(foundAfter, judged.size()),
                p95(nanosBefore),
                p95(nanosAfter));
    }

    private double overlap(Tenant tenant, Query query) {
        time(tenant, query);
        var one = ids(hits(recallBefore, tenant, query));
        var other = ids(hits(recallAfter, tenant, query));
        int most = Math.max(one.size(), other.size());
        one.retainAll(other);
        return most == 0 ? 1 : (double) one.size() / most;
    }

    private static HashSet<String> ids(List<Hit> hits) {
        var ids = new HashSet<String>();
        hits.forEach(hit -> ids.add(hit.id()));
        return ids;
    }

    private static List<Hit> hits(Recall recall, Tenant tenant, Query query) {
        return switch (recall.recall(tenant, query.limit(BEST))) {
            case Recalled.Answer answer -> answer.hits();
            case Recalled.NotYet notYet -> List.of();
            case Recalled.PositionMoved moved -> List.of();
        };
    }

    private void time(Tenant tenant, Query query) {
        nanosBefore.add(nanos(before, tenant, query));
        nanosAfter.add(nanos(after, tenant, query));
    }

    private static long nanos(DenseIndex index, Tenant tenant, Query query) {
        long began = System.nanoTime();
        index.search(tenant, index.embeddings().queryAnew(tenant, query.text()), query.filters(), BEST, false);
        return System.nanoTime() - began;
    }

    private static double mean(double sum, int of) {
        return of == 0 ? 0 : sum / of;
    }

    private static Duration p95(List<Long> nanos) {
        if (nanos.isEmpty()) {
            return Duration.ZERO;
        }
        Collections.sort(nanos);
        return Duration.ofNanos(nanos.get((int) Math.ceil(nanos.size() * .95) - 1));
    }
}
