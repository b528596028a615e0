package io.cairn.simulation;

import io.cairn.event.StreamId;
import io.cairn.feature.Orders;
import io.cairn.tenant.Tenant;

/// A stream of one tenant.
record StreamKey(Tenant tenant, StreamId stream) {
    /// One of which only the id is known: those of orders begin with an o, and no others.
    static StreamKey ofId(Tenant tenant, String id) {
        return new StreamKey(tenant, new StreamId(id.startsWith("o") ? Orders.STREAM : Things.STREAM, id));
    }

    @Override
    public String toString() {
        return "%s of %s".formatted(stream, tenant.id());
    }
}
