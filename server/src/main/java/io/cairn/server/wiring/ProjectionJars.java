package io.cairn.server.wiring;

import io.cairn.projection.RowProjection;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;

/// The projections that the user brings, in jars that name them as services.
final class ProjectionJars {
    private ProjectionJars() {}

    /// @param taken names of other projections
    /// @throws ProjectionJarException if a jar or what it brings cannot be used
    static List<RowProjection> load(List<Path> jars, Set<String> taken) {
        var names = new HashSet<>(taken);
        var loaded = new ArrayList<RowProjection>();
        for (var jar : jars) {
            var found = load(jar);
            if (found.isEmpty()) {
                throw new ProjectionJarException(
                        "%s names no projection in META-INF/services/%s".formatted(jar, RowProjection.class.getName()));
            }
            for (var projection : found) {
                if (!names.add(projection.name())) {
                    throw new ProjectionJarException(
                            "%s brings a projection '%s', and there is one of that name already"
                                    .formatted(jar, projection.name()));
                }
                loaded.add(projection);
            }
        }
        return loaded;
    }

    /// Its classes are loaded as they are used, for as long as the server runs.
    private static List<RowProjection> load(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw new ProjectionJarException("cairn.projections.jars names %s, which is no file".formatted(jar));
        }
        var loader = new URLClassLoader(new URL[] {url(jar)}, RowProjection.class.getClassLoader());
        try {
            return ServiceLoader.load(RowProjection.class, loader).stream()
                    .filter(provider -> provider.type().getClassLoader() == loader)
                    .map(ServiceLoader.Provider::get)
                    .toList();
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new ProjectionJarException(
                    "The projections of %s cannot be loaded: %s".formatted(jar, e.getMessage()), e);
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new ProjectionJarException("%s cannot be read as a jar".formatted(jar), e);
        }
    }
}
