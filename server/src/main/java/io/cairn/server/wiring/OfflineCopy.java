package io.cairn.server.wiring;

import io.cairn.adapter.file.MasterKeyFile;
import io.cairn.adapter.sql.PostgresSettings;
import io.cairn.archive.LogCopy;
import io.cairn.archive.LogCopy.Outcome;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.StorageException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.core.env.ConfigurableEnvironment;

/// Copies a whole log between data folders and PostgreSQL, with the embeddings that were computed for it.
public final class OfflineCopy {
    private final ConfigurableEnvironment environment;
    private final Progress progress;

    private OfflineCopy(ConfigurableEnvironment environment, Progress progress) {
        this.environment = environment;
        this.progress = progress;
    }

    /// Is told how far a copy is.
    @FunctionalInterface
    public interface Progress {
        void at(String what, long done, long total);
    }

    /// What became of a copy.
    ///
    /// @param masterKey the file with the key that opens both
    /// @param vectors that were carried over
    public record Copied(Outcome outcome, String from, String to, String masterKey, long vectors) {}

    /// @param settings such as `--cairn.master-key-file=FILE`, besides those of the environment and of the
    ///     [file][SettingsFile]
    public static Copied run(CopySide from, CopySide to, List<String> settings, Progress progress) {
        if (from.isFolder() && to.isFolder() && absolute(from).equals(absolute(to))) {
            throw new CopyException("a log cannot be copied onto itself: %s is named twice".formatted(from.place()));
        }
        return new OfflineCopy(OfflineSettings.environment(settings), progress).run(from, to);
    }

    private static Path absolute(CopySide side) {
        return Path.of(side.place()).toAbsolutePath().normalize();
    }

    private Copied run(CopySide from, CopySide to) {
        var fromPostgres = postgres(from);
        var toPostgres = postgres(to);
        try (var source = CopyPlace.source(from, fromPostgres);
                var target = CopyPlace.target(to, toPostgres)) {
            var key = masterKey(source, target);
            target.masterKey().filter(MasterKeyFile::exists).ifPresent(own -> own.requireSameAs(key));
            return copied(source, target, key);
        }
    }

    private Optional<PostgresSettings> postgres(CopySide side) {
        return side.isFolder() ? Optional.empty() : OfflineSettings.store(environment, side);
    }

    private MasterKeyFile masterKey(CopyPlace source, CopyPlace target) {
        return OfflineSettings.masterKeyFile(environment)
                .map(MasterKeyFile::new)
                .or(() -> source.masterKey())
                .or(() -> target.masterKey().filter(MasterKeyFile::exists))
                .orElseThrow(() -> new CopyException(
                        "%s can be read only with its master key, which is in no data folder here; name its file with --master-key-file, or put it into the target folder as master.key"
                                .formatted(source)));
    }

    private Copied copied(CopyPlace source, CopyPlace target, MasterKeyFile key) {
        var random = new SecureRandom();
        var ids = new Ids(Clock.systemUTC(), random);
        var log = EventLog.on(target.storage())
                .sealedWith(key.read())
                .inline(CairnFeatures.ALL.inline())
                .ids(ids)
                .random(random)
                .open();
        try {
            var outcome = new LogCopy(source.storage(), target.storage(), log, CairnFeatures.ALL.tables(), ids)
                    .run(source.anchors(), this::told);
            long vectors = outcome instanceof Outcome.Whole whole ? settle(whole, source, target, key) : 0;
            return new Copied(outcome, source.toString(), target.toString(), key.toString(), vectors);
        } catch (StorageException e) {
            throw new CopyException(
                    "the copy stopped: %s; %srun the same command again, it goes on where it stopped"
                            .formatted(
                                    e.getMessage(),
                                    switch (e.kind()) {
                                        case FULL -> "make room and ";
                                        case BUSY, UNKNOWN -> "";
                                        case BROKEN -> "mend that and ";
                                        case DAMAGED -> "restore the damaged side from a backup and ";
                                    }),
                    e);
        }
    }

    private void told(LogCopy.Step step, long done, long total) {
        progress.at(step.name().toLowerCase(Locale.ROOT), done, total);
    }

    /// What stands beside a log: its key, its anchor, and the vectors, which would be computed anew.
    private long settle(Outcome.Whole whole, CopyPlace source, CopyPlace target, MasterKeyFile key) {
        target.masterKey().ifPresent(key::copyTo);
        target.anchor(whole.heads());
        var from = source.vectors();
        if (from.isEmpty()) {
            return 0;
        }
        try (var stored = from.get();
                var copies = target.vectors().orElseThrow()) {
            long total =
                    stored.held().stream().mapToLong(held -> held.vectors()).sum();
            return stored.copyTo(copies, done -> progress.at("vectors", done, total));
        }
    }
}
