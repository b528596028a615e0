package io.cairn.adapter.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A key in a file that may be replaced while the server runs.
final class KeyInFile implements ProviderKey {
    private final Path file;
    private String key = "";
    private @Nullable FileTime readAt;

    KeyInFile(Path file) {
        this.file = file;
    }

    @Override
    public synchronized Optional<String> value() throws IOException {
        var changed = Files.getLastModifiedTime(file);
        if (!changed.equals(readAt)) {
            key = Files.readString(file).strip();
            readAt = changed;
        }
        return Optional.of(key).filter(found -> !found.isEmpty());
    }

    @Override
    public synchronized boolean isRenewed(Optional<String> refused) throws IOException {
        readAt = null;
        return !value().equals(refused);
    }

    @Override
    public String toString() {
        return "the key in " + file;
    }
}
