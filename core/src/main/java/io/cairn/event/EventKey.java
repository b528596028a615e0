package io.cairn.event;

import io.cairn.tenant.Tenant;
import java.util.UUID;

/// An event of one tenant among those of all.
record EventKey(Tenant tenant, UUID id) {}
