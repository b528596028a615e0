package io.cairn.server.wiring;

import io.cairn.adapter.aws.SecretsManager;
import io.cairn.adapter.provider.ProviderKey;
import io.cairn.server.wiring.ModelsSettings.ProviderSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The keys of providers, from where their settings say.
final class ProviderKeys implements AutoCloseable {
    private final @Nullable Path folder;
    private final SecretsSettings settings;
    private final SecretsManager secrets;

    /// @param folder of files that have the names of providers
    ProviderKeys(@Nullable Path folder, SecretsSettings settings) {
        if (folder != null && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "cairn.models.key-folder is a folder that is there; found '%s'".formatted(folder));
        }
        this.folder = folder;
        this.settings = settings;
        this.secrets = new SecretsManager(settings.settings());
    }

    /// What a provider's own settings say goes before the folder.
    ProviderKey of(String name, ProviderSettings provider) {
        var file = provider.keyFile();
        if (file != null) {
            return ProviderKey.inFile(file);
        }
        var secret = provider.keySecret();
        if (secret != null) {
            var place = secret.place();
            return ProviderKey.from(() -> secrets.read(place), settings.keep(), System::nanoTime);
        }
        var key = provider.key();
        if (key != null) {
            return ProviderKey.of(key);
        }
        return folder == null ? ProviderKey.none() : ProviderKey.inFolder(folder, name);
    }

    @Override
    public void close() {
        secrets.close();
    }
}
