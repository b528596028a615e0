package io.cairn.event;

import io.cairn.tenant.Tenant;

/// A stream of one tenant among those of all.
record StreamKey(Tenant tenant, StreamId stream) {}
