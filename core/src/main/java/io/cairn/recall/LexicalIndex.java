package io.cairn.recall;

import io.cairn.projection.Projection;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Set;

/// Units by their words.
public interface LexicalIndex extends Projection {
    /// What one search found.
    ///
    /// @param candidates best first; the score is the share of the query's words that the unit covers, weighed by
    ///     BM25,
    ///     from 0 to 1
    /// @param names words of the query, in lower case, that are part of a speaker's name
    record Found(List<Candidate> candidates, Set<String> names) {
        public Found {
            candidates = List.copyOf(candidates);
            names = Set.copyOf(names);
        }
    }

    Found search(Tenant tenant, String query, Filters filters, int candidatesMax);

    /// Units of all tenants.
    long units();
}
