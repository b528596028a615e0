package io.cairn.server.wiring;

import io.cairn.adapter.file.AnchorFile;
import io.cairn.adapter.file.DataFolder;
import io.cairn.adapter.sql.SqliteLogStorage;
import io.cairn.event.Head;
import io.cairn.event.Verification;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.LongConsumer;

/// A log that is looked at while no server runs on it.
public final class OfflineLog {
    private OfflineLog() {}

    /// Checks the whole log against itself and against the anchor.
    ///
    /// @param progress is told the number of events checked so far
    public static Verification verify(Path data, LongConsumer progress) {
        try (var folder = DataFolder.existing(data, Clock.systemUTC().instant());
                var storage = SqliteLogStorage.open(DataFiles.existingLog(folder), 1)) {
            Optional<Head> anchor =
                    new AnchorFile(DataFiles.anchor(folder)).read().stream().findFirst();
            return Verification.of(storage, anchor, progress);
        }
    }
}
