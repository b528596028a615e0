package io.cairn.recall;

import io.cairn.projection.Projection;
import io.cairn.tenant.Tenant;
import java.util.List;

/// Units by their words.
public interface LexicalIndex extends Projection {
    /// What one search found.
    ///
    /// @param candidates best first, with BM25 scores
    /// @param best the score of a unit of average length that holds every known word of the query once; 0 if none is known
    record Found(List<Candidate> candidates, double best) {
        public Found {
            candidates = List.copyOf(candidates);
        }
    }

    Found search(Tenant tenant, String query, Filters filters, int candidatesMax);

    /// Units of all tenants.
    long units();
}
