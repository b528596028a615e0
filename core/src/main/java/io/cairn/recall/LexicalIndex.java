package io.cairn.recall;

import io.cairn.projection.Projection;
import io.cairn.tenant.Tenant;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/// Units by their words.
public interface LexicalIndex extends Projection {
    /// Words of the query, in lower case, that are part of a speaker's name.
    Set<String> names(Tenant tenant, String query);

    /// Best first; the score is the share of the query's words that the unit covers, weighed by BM25, from 0 to 1.
    ///
    /// @param names those words of the query that name speakers
    List<Candidate> search(Tenant tenant, String query, Set<String> names, Filters filters, int candidatesMax);

    /// What a search would give these units as score, those of them that have any of the words; best first.
    List<Candidate> compare(Tenant tenant, String query, Set<String> names, Collection<UnitRef> units);

    /// Units of all tenants.
    long units();
}
