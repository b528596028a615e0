package io.cairn.server.ops;

import java.util.Set;

/// The projections on which promises rest, by their names: without them a server is not ready.
public record Promised(Set<String> projections) {
    public Promised {
        projections = Set.copyOf(projections);
    }

    boolean by(String projection) {
        return projections.contains(projection);
    }
}
