package io.cairn.server.ops;

import io.cairn.follow.RunningFollower;
import io.cairn.projection.RunningProjection;
import java.util.List;
import java.util.stream.Stream;

/// Whatever follows the log on this node: the routes of projections, health and the metrics see these.
///
/// @param reactions what lets events have effects, such as the start of a saga; they cannot be built anew
public record RunningProjections(List<RunningProjection> all, List<RunningFollower> reactions) {
    public RunningProjections {
        all = List.copyOf(all);
        reactions = List.copyOf(reactions);
    }

    public List<RunningFollower> followers() {
        return Stream.concat(all.stream(), reactions.stream()).toList();
    }
}
