package io.cairn.recall;

import io.cairn.tenant.Tenant;

/// Answers queries over everything that a tenant has stored.
public interface Recall {
    Recalled recall(Tenant tenant, Query query);
}
