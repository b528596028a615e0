package io.cairn.server.wiring;

import io.cairn.adapter.file.AnchorFile;
import io.cairn.adapter.file.DataFolder;
import io.cairn.adapter.file.MasterKeyFile;
import io.cairn.adapter.sql.PostgresLogStorage;
import io.cairn.adapter.sql.PostgresSettings;
import io.cairn.adapter.sql.SqliteLogStorage;
import io.cairn.archive.Verification;
import io.cairn.event.Contents;
import io.cairn.event.LogStorage;
import io.cairn.knowledge.Document;
import io.cairn.seal.MasterKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/// A log that is looked at while no server runs on it.
public final class OfflineLog {
    private static final String CHANGED = "%s is not as it was when it was closed";

    private OfflineLog() {}

    /// Checks the whole log against itself and against the anchor, and changes nothing. With the master key it opens
    /// keys and documents too.
    ///
    /// @param settings such as `--cairn.data=DIR`, besides those of the environment and of the [file][SettingsFile]
    /// @param progress is told the number of events checked so far
    public static Verification verify(List<String> settings, LongConsumer progress) {
        var chosen = OfflineSettings.all(settings);
        var postgres = chosen.store().postgres();
        return postgres.isPresent() ? onServer(chosen, postgres.get(), progress) : inFolder(chosen, progress);
    }

    private static Verification inFolder(CairnSettings chosen, LongConsumer progress) {
        try (var folder = DataFolder.existing(chosen.data(), Clock.systemUTC().instant())) {
            var log = DataFiles.existingLog(folder);
            boolean changed = SqliteLogStorage.changedSinceClosed(log);
            try (var storage = SqliteLogStorage.unchanged(log, CairnFeatures.ALL.tables())) {
                var found = verify(chosen, storage, DataFiles.anchor(folder), progress);
                return changed ? found.with(new Verification.Problem(0, 0, CHANGED.formatted(log))) : found;
            }
        }
    }

    /// The folder may be another node's, or none at all; a server may go on working in it.
    private static Verification onServer(CairnSettings chosen, PostgresSettings postgres, LongConsumer progress) {
        try (var storage =
                PostgresLogStorage.unchanged(postgres, CairnFeatures.ALL.tables(), new SimpleMeterRegistry())) {
            return verify(chosen, storage, DataFiles.anchor(chosen.data()), progress);
        }
    }

    private static Verification verify(CairnSettings chosen, LogStorage storage, Path anchor, LongConsumer progress) {
        var named = chosen.masterKeyFile();
        var key = new MasterKeyFile(named == null ? DataFiles.masterKey(chosen.data()) : named);
        var master = named != null || key.exists() ? Optional.of(key.read()) : Optional.<MasterKey>empty();
        var contents = new Contents(storage, master, Document::blobs);
        return Verification.of(storage, new AnchorFile(anchor).read(), contents, progress);
    }
}
