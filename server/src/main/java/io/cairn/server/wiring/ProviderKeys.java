package io.cairn.server.wiring;

import io.cairn.adapter.aws.SecretsManager;
import io.cairn.adapter.provider.ProviderKey;
import io.cairn.server.wiring.ModelsSettings.ProviderSettings;

/// The keys of providers, from where their settings say.
final class ProviderKeys implements AutoCloseable {
    private final SecretsSettings settings;
    private final SecretsManager secrets;

    ProviderKeys(SecretsSettings settings) {
        this.settings = settings;
        this.secrets = new SecretsManager(settings.settings());
    }

    ProviderKey of(ProviderSettings provider) {
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
        return key == null ? ProviderKey.none() : ProviderKey.of(key);
    }

    @Override
    public void close() {
        secrets.close();
    }
}
