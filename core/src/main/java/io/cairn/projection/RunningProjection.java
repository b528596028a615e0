package io.cairn.projection;

import io.cairn.follow.RunningFollower;

/// A projection that runs on this node, as operators see and steer it: unlike other followers it can be built anew.
public interface RunningProjection extends RunningFollower {
    /// Builds a new generation from the first event on, beside the current one, and switches when it has caught up.
    ///
    /// @return the number of the new generation
    int rebuild();

    /// Lets the former generation catch up beside the current one, and then switches to it.
    RolledBack rollback();
}
