package io.cairn.adapter.provider;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The key that a provider wants: none, a fixed one, or one that may be replaced while the server runs. It shows
/// nowhere.
public interface ProviderKey {
    /// @throws IOException if the place where it is kept cannot be read; the message holds no key
    Optional<String> value() throws IOException;

    /// Whether there is another key than the one that was refused.
    boolean isRenewed(Optional<String> refused) throws IOException;

    static ProviderKey none() {
        return new FixedKey("");
    }

    static ProviderKey of(String key) {
        return new FixedKey(key);
    }

    /// A file is read again when its time has changed, and when the provider refuses what it held.
    static ProviderKey inFile(Path file) {
        return new KeyInFile(file, true);
    }

    /// The file of a folder of secrets that has the provider's name, likewise; none as long as there is none.
    ///
    /// @throws IllegalArgumentException if a file of that name would not be in the folder
    static ProviderKey inFolder(Path folder, String provider) {
        var within = folder.toAbsolutePath().normalize();
        var file = within.resolve(provider).normalize();
        if (!within.equals(file.getParent())) {
            throw new IllegalArgumentException(
                    "No file in %s can have the name of provider '%s'".formatted(folder, provider));
        }
        return new KeyInFile(file, false);
    }

    /// A key that a service gives. It is asked again after some time, and when the provider refuses what it gave.
    ///
    /// @param keep how long a key is used before the service is asked again
    /// @param nanos tells time, as `System::nanoTime` does
    static ProviderKey from(KeyService service, Duration keep, LongSupplier nanos) {
        return new KeptKey(service, keep, nanos);
    }

    /// Gives the key of a provider.
    @FunctionalInterface
    interface KeyService {
        /// @throws IOException if it cannot be had; the message says from where, and holds no key
        String read() throws IOException;
    }
}
