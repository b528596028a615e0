/// Followers: what takes in the log's events in order and remembers how far it has come. A leased one acts on one
/// node at a time for all nodes, a local one for this node; both have checkpoints, streams that are parked or
/// skipped, and a status.
@NullMarked
package io.cairn.follow;

import org.jspecify.annotations.NullMarked;
