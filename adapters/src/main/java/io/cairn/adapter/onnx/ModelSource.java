package io.cairn.adapter.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// Where a part of a model is read from.
public sealed interface ModelSource {
    /// A file that an operator named.
    ///
    /// @param setting the name of the setting that holds the path
    record OfFile(String setting, Path path) implements ModelSource {}

    /// A resource at the root of the class path.
    record OnClassPath(String resource) implements ModelSource {}

    /// @throws ModelBrokenException if it is not there or cannot be read
    default byte[] read() {
        try {
            return switch (this) {
                case OfFile file -> Files.readAllBytes(file.path());
                case OnClassPath packed -> readResource(packed.resource());
            };
        } catch (NoSuchFileException e) {
            throw new ModelBrokenException(this, "there is no such file", e);
        } catch (IOException e) {
            throw new ModelBrokenException(this, "it cannot be read (%s)".formatted(e.getMessage()), e);
        }
    }

    /// What an operator has to look at.
    default String shown() {
        return switch (this) {
            case OfFile file -> "%s = %s".formatted(file.setting(), file.path().toAbsolutePath());
            case OnClassPath packed -> "class path resource " + packed.resource();
        };
    }

    private static byte[] readResource(String resource) throws IOException {
        try (var stream = ModelSource.class.getResourceAsStream("/" + resource)) {
            if (stream == null) {
                throw new NoSuchFileException(resource);
            }
            return stream.readAllBytes();
        }
    }
}
