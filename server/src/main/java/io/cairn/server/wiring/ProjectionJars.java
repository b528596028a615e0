package io.cairn.server.wiring;

import io.cairn.projection.RowProjection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The projections that the user brings, in jars that name them as services.
final class ProjectionJars {
    private ProjectionJars() {}

    /// @param taken names of other projections
    /// @throws JarException if a jar or what it brings cannot be used
    static List<RowProjection> load(List<Path> jars, Set<String> taken) {
        var names = new HashSet<>(taken);
        var loaded = new ArrayList<RowProjection>();
        for (var jar : jars) {
            var found = ServiceJar.load(jar, RowProjection.class, "cairn.projections.jars");
            for (var projection : found) {
                if (!names.add(projection.name())) {
                    throw new JarException("%s brings a projection '%s', and there is one of that name already"
                            .formatted(jar, projection.name()));
                }
                loaded.add(projection);
            }
        }
        return loaded;
    }
}
