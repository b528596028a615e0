package io.cairn.adapter.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A key in a file that may be replaced while the server runs.
///
/// Not every tool replaces a file in one step. So while it is away or empty, the key that is known stays in use.
final class KeyInFile implements ProviderKey {
    private final Path file;
    private final boolean needed;
    private String key = "";
    private @Nullable FileTime readAt;

    /// @param needed whether a file that was never there is an error, and not just no key
    KeyInFile(Path file, boolean needed) {
        this.file = file;
        this.needed = needed;
    }

    @Override
    public synchronized Optional<String> value() throws IOException {
        try {
            var changed = Files.getLastModifiedTime(file);
            if (!changed.equals(readAt)) {
                read(changed);
            }
        } catch (NoSuchFileException e) {
            if (needed && key.isEmpty()) {
                throw e;
            }
        }
        return Optional.of(key).filter(found -> !found.isEmpty());
    }

    private void read(FileTime changed) throws IOException {
        var found = Files.readString(file).strip();
        if (!found.isEmpty()) {
            key = found;
            readAt = changed;
        }
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
