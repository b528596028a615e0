package io.cairn.recall;

import io.cairn.model.Embeddings;
import io.cairn.passage.PassageRef;
import io.cairn.projection.Projection;
import io.cairn.tenant.Tenant;
import java.util.Collection;
import java.util.List;

/// Passages by what they mean.
public interface DenseIndex extends Projection {
    /// The embeddings that made its vectors, and that must make the vector of a query too.
    Embeddings embeddings();

    @Override
    default boolean rests() {
        return embeddings().isAbsent();
    }

    /// The passages nearest to a vector, best first, with the cosine as score.
    ///
    /// @param exact compares with every passage instead of walking the graph, as is done for small tenants anyway
    List<Candidate> search(Tenant tenant, float[] vector, Filters filters, int candidatesMax, boolean exact);

    /// What a search would give these passages as score, those of them that are there; best first.
    List<Candidate> compare(Tenant tenant, float[] vector, Collection<PassageRef> passages);

    /// Whether a search of these would walk the graph, unless it is asked to be exact.
    boolean approximates(Tenant tenant, Filters filters);

    /// Passages of all tenants.
    long passages();
}
