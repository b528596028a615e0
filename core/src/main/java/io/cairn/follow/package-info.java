/// How something follows the log: leased, so that one node at a time acts for all, or local, for what this node keeps
/// for itself; with checkpoints, streams that are parked or skipped, and its status.
@NullMarked
package io.cairn.follow;

import org.jspecify.annotations.NullMarked;
