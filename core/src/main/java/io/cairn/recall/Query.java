package io.cairn.recall;

import io.cairn.event.Names;
import io.cairn.event.Position;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/// A question to the memory.
///
/// @param limit hits wanted, 1 to 100
/// @param threshold the least relevance of a hit, 0 to 1; relevance does not depend on the other candidates
/// @param minPosition that must be visible in the answer
/// @param groupBy of what only the best hit is wanted; at most one for a kind of hits
public record Query(
        String text,
        int limit,
        OptionalDouble threshold,
        Filters filters,
        Optional<Position> minPosition,
        Set<Grouping> groupBy) {
    public static final int LIMIT_MAX = 100;
    public static final int TEXT_LENGTH_MAX = 10_000;

    public Query {
        Names.text("query", text);
        if (text.isBlank() || text.length() > TEXT_LENGTH_MAX) {
            throw new IllegalArgumentException(
                    "A query has 1 to %d characters; found %d".formatted(TEXT_LENGTH_MAX, text.length()));
        }
        if (limit < 1 || limit > LIMIT_MAX) {
            throw new IllegalArgumentException("A limit is 1 to %d; found %d".formatted(LIMIT_MAX, limit));
        }
        threshold.ifPresent(Query::checkThreshold);
        groupBy = Set.copyOf(groupBy);
        if (groupBy.stream().map(Grouping::kind).distinct().count() < groupBy.size()) {
            throw new IllegalArgumentException("Hits of a kind are grouped in one way; found " + groupBy);
        }
    }

    public static Query of(String text) {
        return new Query(text, 10, OptionalDouble.empty(), Filters.NONE, Optional.empty(), Set.of());
    }

    public Query limit(int hits) {
        return new Query(text, hits, threshold, filters, minPosition, groupBy);
    }

    public Query filters(Filters wanted) {
        return new Query(text, limit, threshold, wanted, minPosition, groupBy);
    }

    public Query minPosition(Position position) {
        return new Query(text, limit, threshold, filters, Optional.of(position), groupBy);
    }

    public Query threshold(double relevance) {
        return new Query(text, limit, OptionalDouble.of(relevance), filters, minPosition, groupBy);
    }

    public Query groupBy(Grouping... wanted) {
        return new Query(text, limit, threshold, filters, minPosition, Set.of(wanted));
    }

    private static void checkThreshold(double threshold) {
        if (!(threshold >= 0 && threshold <= 1)) {
            throw new IllegalArgumentException("A threshold is 0 to 1; found " + threshold);
        }
    }
}
