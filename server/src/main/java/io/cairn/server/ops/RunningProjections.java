package io.cairn.server.ops;

import io.cairn.projection.RunningProjection;
import java.util.List;

/// Every projection that follows the log on this node: the routes of projections, health and the metrics see these.
public record RunningProjections(List<RunningProjection> all) {
    public RunningProjections {
        all = List.copyOf(all);
    }
}
