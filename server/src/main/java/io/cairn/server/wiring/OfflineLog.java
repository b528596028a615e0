package io.cairn.server.wiring;

import io.cairn.adapter.file.AnchorFile;
import io.cairn.adapter.file.DataFolder;
import io.cairn.adapter.sql.PostgresLogStorage;
import io.cairn.adapter.sql.PostgresSettings;
import io.cairn.adapter.sql.SqliteLogStorage;
import io.cairn.adapter.sql.Statements;
import io.cairn.event.Head;
import io.cairn.event.Verification;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/// A log that is looked at while no server runs on it.
public final class OfflineLog {
    private OfflineLog() {}

    /// Checks the whole log against itself and against the anchor.
    ///
    /// @param settings such as `--cairn.data=DIR`, besides those of the environment and of cairn.yaml
    /// @param progress is told the number of events checked so far
    public static Verification verify(List<String> settings, LongConsumer progress) {
        var chosen = settings(settings);
        var postgres = chosen.store().postgres();
        return postgres.isPresent()
                ? onServer(postgres.get(), chosen.data(), progress)
                : inFolder(chosen.data(), progress);
    }

    private static Verification inFolder(Path data, LongConsumer progress) {
        try (var folder = DataFolder.existing(data, Clock.systemUTC().instant());
                var storage =
                        SqliteLogStorage.open(DataFiles.existingLog(folder), 1, Tables.all(), Statements.uncounted())) {
            return Verification.of(storage, anchors(DataFiles.anchor(folder)), progress);
        }
    }

    /// The folder may be another node's, or none at all; a server may go on working in it.
    private static Verification onServer(PostgresSettings postgres, Path data, LongConsumer progress) {
        try (var storage =
                PostgresLogStorage.open(postgres, Tables.all(), new SimpleMeterRegistry(), Statements.uncounted())) {
            return Verification.of(storage, anchors(DataFiles.anchor(data)), progress);
        }
    }

    private static List<Head> anchors(Path file) {
        return new AnchorFile(file).read();
    }

    private static CairnSettings settings(List<String> given) {
        var environment = new StandardEnvironment();
        var all = Stream.concat(Stream.of("--spring.config.name=cairn"), given.stream());
        environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(all.toArray(String[]::new)));
        ConfigDataEnvironmentPostProcessor.applyTo(environment);
        return Binder.get(environment).bindOrCreate("cairn", CairnSettings.class);
    }
}
