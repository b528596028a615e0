/// Leases: which node looks after which thing, so that only one at a time does, with a fence that keeps out a node
/// that was replaced.
@NullMarked
package io.cairn.lease;

import org.jspecify.annotations.NullMarked;
