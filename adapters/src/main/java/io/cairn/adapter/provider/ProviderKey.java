package io.cairn.adapter.provider;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The key that a provider wants: none, a fixed one, or one in a file that may be replaced while the server runs.
///
/// A file is read again when its time has changed, and when the provider refuses what it held.
public final class ProviderKey {
    private final @Nullable Path file;
    private @Nullable String key;
    private @Nullable FileTime readAt;

    private ProviderKey(@Nullable Path file, @Nullable String key) {
        this.file = file;
        this.key = key;
    }

    public static ProviderKey none() {
        return new ProviderKey(null, null);
    }

    public static ProviderKey of(String key) {
        return new ProviderKey(null, key.strip());
    }

    public static ProviderKey inFile(Path file) {
        return new ProviderKey(file, null);
    }

    /// @throws IOException if there is a file and it cannot be read
    synchronized Optional<String> value() throws IOException {
        if (file != null) {
            var changed = Files.getLastModifiedTime(file);
            if (!changed.equals(readAt)) {
                key = Files.readString(file).strip();
                readAt = changed;
            }
        }
        return Optional.ofNullable(key).filter(found -> !found.isEmpty());
    }

    /// Whether there is another key than the one that was refused.
    synchronized boolean isRenewed(Optional<String> refused) throws IOException {
        readAt = null;
        return file != null && !value().equals(refused);
    }

    /// A key shows nowhere.
    @Override
    public String toString() {
        return file == null ? "a key" : "the key in " + file;
    }
}
