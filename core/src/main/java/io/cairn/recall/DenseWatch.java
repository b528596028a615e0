package io.cairn.recall;

import io.cairn.tenant.Tenant;

/// Is told of searches by meaning, and answers at once.
@FunctionalInterface
public interface DenseWatch {
    /// @param index that was searched
    /// @param query what was asked, of which the vector was made
    void searched(DenseIndex index, Tenant tenant, String query, float[] vector, Filters filters);

    /// Tells both.
    default DenseWatch and(DenseWatch other) {
        return (index, tenant, query, vector, filters) -> {
            searched(index, tenant, query, vector, filters);
            other.searched(index, tenant, query, vector, filters);
        };
    }

    static DenseWatch none() {
        return (index, tenant, query, vector, filters) -> {};
    }
}
