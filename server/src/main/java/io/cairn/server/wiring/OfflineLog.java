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

/// A log that is looked at while no server runs on it.
public final class OfflineLog {
    private OfflineLog() {}

    /// Checks the whole log against itself and against the anchor.
    ///
    /// @param settings such as `--cairn.data=DIR`, besides those of the environment and of cairn.yaml
    /// @param progress is told the number of events checked so far
    public static Verification verify(List<String> settings, LongConsumer progress) {
        var chosen = OfflineSettings.all(settings);
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
        try (var storage = PostgresLogStorage.existing(postgres, Tables.all(), new SimpleMeterRegistry())) {
            return Verification.of(storage, anchors(DataFiles.anchor(data)), progress);
        }
    }

    private static List<Head> anchors(Path file) {
        return new AnchorFile(file).read();
    }
}
