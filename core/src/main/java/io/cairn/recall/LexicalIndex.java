package io.cairn.recall;

import io.cairn.projection.Projection;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.Set;

/// Passages by their words.
public interface LexicalIndex extends Projection {
    /// Words of the query, in lower case, that are part of a speaker's name.
    Set<String> names(Tenant tenant, String query);

    /// Best first; the score is the share of the query's words that the passage covers, weighed by BM25, from 0 to 1.
    ///
    /// @param names those words of the query that name speakers
    List<Candidate> search(Tenant tenant, String query, Set<String> names, Filters filters, int candidatesMax);

    /// Passages of all tenants.
    long passages();
}
