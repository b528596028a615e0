package io.cairn.server.wiring;

import io.cairn.adapter.sql.PostgresSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/// The settings that a server would have, for what is done without one.
final class OfflineSettings {
    private OfflineSettings() {}

    /// @param given such as `--cairn.data=DIR`, before those of the environment and of the [file][SettingsFile]
    static ConfigurableEnvironment environment(List<String> given) {
        var environment = new StandardEnvironment();
        var all = SettingsFile.of(given).in(given);
        environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(all.toArray(String[]::new)));
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        return environment;
    }

    static CairnSettings all(List<String> given) {
        return Binder.get(environment(given)).bindOrCreate("cairn", CairnSettings.class);
    }

    static Optional<Path> masterKeyFile(ConfigurableEnvironment environment) {
        return Optional.ofNullable(Binder.get(environment)
                .bind("cairn.master-key-file", Path.class)
                .orElse(null));
    }

    /// The database of one side of a copy, with what is set for it in particular in place of what is set for all.
    static Optional<PostgresSettings> store(ConfigurableEnvironment environment, CopySide side) {
        var place = new MapPropertySource("copy", Map.of("cairn.store.url", side.place()));
        environment.getPropertySources().addFirst(place);
        try {
            return Binder.get(environment)
                    .bindOrCreate("cairn.store", StoreSettings.class)
                    .with(side.user(), side.passwordFile(), side.rootCertificate(), side.partitions())
                    .postgres()
                    .map(OfflineSettings::withFewConnections);
        } finally {
            environment.getPropertySources().remove(place.getName());
        }
    }

    /// One reader at a time needs no pool to speak of.
    private static PostgresSettings withFewConnections(PostgresSettings settings) {
        var pool = settings.pool();
        return settings.with(new PostgresSettings.Pool(
                1, 2, pool.timeout(), pool.validation(), pool.lifetimeMax(), pool.leakAfter()));
    }
}
