package io.cairn.server.wiring;

import io.cairn.adapter.file.AnchorFile;
import io.cairn.adapter.file.DataFolder;
import io.cairn.adapter.file.MasterKeyFile;
import io.cairn.adapter.sql.PostgresLogStorage;
import io.cairn.adapter.sql.PostgresSettings;
import io.cairn.adapter.sql.PostgresVectorStore;
import io.cairn.adapter.sql.SqliteLogStorage;
import io.cairn.adapter.sql.SqliteVectorStore;
import io.cairn.adapter.sql.Statements;
import io.cairn.event.Head;
import io.cairn.event.LogStorage;
import io.cairn.model.VectorStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/// One side of a copy while it is open; a data folder is held as long.
sealed interface CopyPlace extends AutoCloseable {
    LogStorage storage();

    /// None if there is nothing to read.
    Optional<VectorStore> vectors();

    /// The master key's usual place.
    Optional<MasterKeyFile> masterKey();

    /// Where the log once was known to end.
    List<Head> anchors();

    /// Remembers where the log ends.
    void anchor(List<Head> heads);

    @Override
    void close();

    /// A log that is there.
    static CopyPlace source(CopySide side, Optional<PostgresSettings> postgres) {
        return postgres.isPresent()
                ? new Database(
                        postgres.get(),
                        PostgresLogStorage.existing(
                                postgres.get(), CairnFeatures.ALL.tables(), new SimpleMeterRegistry()))
                : Folder.source(Path.of(side.place()));
    }

    /// A log that is made if there is none.
    static CopyPlace target(CopySide side, Optional<PostgresSettings> postgres) {
        return postgres.isPresent()
                ? new Database(
                        postgres.get(),
                        PostgresLogStorage.open(
                                postgres.get(),
                                CairnFeatures.ALL.tables(),
                                new SimpleMeterRegistry(),
                                Statements.uncounted()))
                : Folder.target(Path.of(side.place()));
    }

    /// On PostgreSQL.
    record Database(PostgresSettings settings, LogStorage storage) implements CopyPlace {
        @Override
        public Optional<VectorStore> vectors() {
            return Optional.of(PostgresVectorStore.open(settings, new SimpleMeterRegistry(), Statements.uncounted()));
        }

        @Override
        public Optional<MasterKeyFile> masterKey() {
            return Optional.empty();
        }

        @Override
        public List<Head> anchors() {
            return List.of();
        }

        @Override
        public void anchor(List<Head> heads) {
            // each node has its own
        }

        @Override
        public void close() {
            storage.close();
        }

        @Override
        public String toString() {
            return settings.toString();
        }
    }

    /// In a data folder.
    record Folder(DataFolder folder, LogStorage storage, boolean vectorsThere) implements CopyPlace {
        private static final int READERS = 2;

        static Folder source(Path path) {
            var folder = DataFolder.existing(path, Clock.systemUTC().instant());
            return opened(folder, () -> {
                var log = DataFiles.existingLog(folder);
                return new Folder(
                        folder,
                        SqliteLogStorage.open(log, READERS, CairnFeatures.ALL.tables(), Statements.uncounted()),
                        Files.exists(DataFiles.vectors(folder)));
            });
        }

        static Folder target(Path path) {
            var folder = DataFolder.open(path, Clock.systemUTC().instant());
            return opened(folder, () -> {
                var log = DataFiles.log(folder);
                if (!Files.exists(log)) {
                    requireNoOther(folder);
                }
                return new Folder(
                        folder,
                        SqliteLogStorage.open(log, READERS, CairnFeatures.ALL.tables(), Statements.uncounted()),
                        true);
            });
        }

        /// An index or an anchor that stayed behind would be taken for the new log's.
        private static void requireNoOther(DataFolder folder) {
            for (var left : List.of(DataFiles.anchor(folder), folder.file("index"))) {
                if (Files.exists(left)) {
                    throw new CopyException(
                            "the target folder has %s of a log that is not there any more; name another folder, or take it away"
                                    .formatted(left));
                }
            }
        }

        private interface Opening {
            Folder open();
        }

        private static Folder opened(DataFolder folder, Opening opening) {
            try {
                return opening.open();
            } catch (RuntimeException e) {
                folder.close();
                throw e;
            }
        }

        @Override
        public Optional<VectorStore> vectors() {
            return vectorsThere ? Optional.of(SqliteVectorStore.open(DataFiles.vectors(folder))) : Optional.empty();
        }

        @Override
        public Optional<MasterKeyFile> masterKey() {
            return Optional.of(new MasterKeyFile(DataFiles.masterKey(folder)));
        }

        @Override
        public List<Head> anchors() {
            return new AnchorFile(DataFiles.anchor(folder)).read();
        }

        @Override
        public void anchor(List<Head> heads) {
            new AnchorFile(DataFiles.anchor(folder)).write(heads);
        }

        @Override
        public void close() {
            storage.close();
            folder.close();
        }

        @Override
        public String toString() {
            return "the data folder " + folder.path();
        }
    }
}
