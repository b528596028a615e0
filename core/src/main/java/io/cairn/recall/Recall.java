package io.cairn.recall;

import io.cairn.model.Payer;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;

/// Answers queries over everything that a tenant has stored.
public interface Recall {
    /// @param payer whose tenant is searched, and who pays for what a model takes for the query
    Recalled recall(Payer payer, Query query);

    /// For a caller.
    default Recalled recall(Context context, Query query) {
        return recall(Payer.of(context), query);
    }

    /// For Cairn itself.
    default Recalled recall(Tenant tenant, Query query) {
        return recall(Payer.cairn(tenant), query);
    }
}
