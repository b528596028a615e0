package io.cairn.server.wiring;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/// A jar of the user's that names implementations of a service.
final class ServiceJar {
    private ServiceJar() {}

    /// Its classes are loaded as they are used, for as long as the server runs.
    ///
    /// @param setting that names the jar
    /// @throws JarException if the jar or what it brings cannot be used, or if it brings nothing
    static <T> List<T> load(Path jar, Class<T> service, String setting) {
        if (!Files.isRegularFile(jar)) {
            throw new JarException("%s names %s, which is no file".formatted(setting, jar));
        }
        var loader = new URLClassLoader(new URL[] {url(jar)}, service.getClassLoader());
        List<T> found;
        try {
            found = ServiceLoader.load(service, loader).stream()
                    .filter(provider -> provider.type().getClassLoader() == loader)
                    .map(ServiceLoader.Provider::get)
                    .toList();
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new JarException("What %s brings cannot be loaded: %s".formatted(jar, e.getMessage()), e);
        }
        if (found.isEmpty()) {
            throw new JarException("%s names nothing in META-INF/services/%s".formatted(jar, service.getName()));
        }
        return found;
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new JarException("%s cannot be read as a jar".formatted(jar), e);
        }
    }
}
