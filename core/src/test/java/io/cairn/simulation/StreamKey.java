package io.cairn.simulation;

import io.cairn.event.StreamId;
import io.cairn.tenant.Tenant;

/// A stream of one tenant.
record StreamKey(Tenant tenant, StreamId stream) {
    @Override
    public String toString() {
        return "%s of %s".formatted(stream, tenant.id());
    }
}
