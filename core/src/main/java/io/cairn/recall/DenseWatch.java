package io.cairn.recall;

import io.cairn.tenant.Tenant;

/// Is told of searches by meaning, and answers at once.
@FunctionalInterface
public interface DenseWatch {
    void searched(Tenant tenant, float[] vector, Filters filters);

    static DenseWatch none() {
        return (tenant, vector, filters) -> {};
    }
}
