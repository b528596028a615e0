package io.cairn.server.wiring;

import io.cairn.adapter.file.AnchorFile;
import io.cairn.adapter.file.AnchorKeeper;
import io.cairn.adapter.file.DataFolder;
import io.cairn.adapter.file.MasterKeyFile;
import io.cairn.adapter.jsonschema.NetworkntSchemas;
import io.cairn.adapter.sql.PostgresLogStorage;
import io.cairn.adapter.sql.SqliteLibrary;
import io.cairn.adapter.sql.SqliteLogStorage;
import io.cairn.adapter.sql.Statements;
import io.cairn.archive.Archive;
import io.cairn.archive.LogCopy;
import io.cairn.event.BreakingStorage;
import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.event.Reserved;
import io.cairn.event.StorageException;
import io.cairn.guard.Breaker;
import io.cairn.guard.Retry;
import io.cairn.row.Table;
import io.cairn.schema.EventSchemas;
import io.cairn.seal.MasterKey;
import io.cairn.server.ops.Disk;
import io.cairn.server.ops.MeteredStorage;
import io.cairn.server.ops.WriteFailures;
import io.micrometer.core.instrument.MeterRegistry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// The event log in its data folder. Beans close in the reverse order of their needs: anchor, log, folder.
@Configuration(proxyBeanMethods = false)
class LogWiring {
    private static final Duration ANCHOR_EVERY = Duration.ofSeconds(1);

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    SecureRandom random() {
        return new SecureRandom();
    }

    @Bean
    Ids ids(Clock clock, SecureRandom random) {
        return new Ids(clock, random);
    }

    @Bean
    DataFolder folder(CairnSettings settings, Clock clock) {
        var folder = DataFolder.open(settings.data(), clock.instant());
        folder.closeToOthers(DataFiles.KEPT);
        return folder;
    }

    @Bean
    Disk disk(DataFolder folder, CairnSettings settings) {
        return new Disk(folder.path(), settings.limits().freeDisk().toBytes());
    }

    @Bean
    Breaker logBreaker(CairnSettings settings) {
        return new Breaker(
                "log", StorageException.FAILURES, settings.store().breaker().settings(), System::nanoTime);
    }

    @Bean
    Retry retry(CairnSettings settings, MeterRegistry meters) {
        return new Retry(
                StorageException.FAILURES,
                settings.store().retry().settings(settings.log().maxWait()),
                System::nanoTime,
                Thread::sleep,
                meters.counter("db.retries")::increment);
    }

    /// The log closes its storage; where the start fails before there is a log, nobody else would.
    @Bean
    LogStorage storage(
            DataFolder folder,
            CairnSettings settings,
            MeterRegistry meters,
            WriteFailures failures,
            Breaker logBreaker) {
        var tables = CairnFeatures.ALL.tables();
        var postgres = settings.store().postgres();
        var statements = Statements.of("log", meters, settings.development());
        LogStorage storage = postgres.isPresent()
                ? PostgresLogStorage.open(postgres.get(), tables, meters, statements)
                : sqlite(folder, settings, tables, statements);
        return new MeteredStorage(new BreakingStorage(storage, logBreaker), meters, failures);
    }

    private static LogStorage sqlite(
            DataFolder folder, CairnSettings settings, List<Table> tables, Statements statements) {
        SqliteLibrary.unpackIn(DataFiles.natives(folder));
        return SqliteLogStorage.open(DataFiles.ownLog(folder), settings.log().readers(), tables, statements);
    }

    @Bean
    MasterKey masterKey(DataFolder folder, CairnSettings settings, LogStorage storage, SecureRandom random) {
        var chosen = settings.masterKeyFile();
        var file = new MasterKeyFile(chosen == null ? DataFiles.masterKey(folder) : chosen);
        boolean empty = storage.read(snapshot -> snapshot.heads().stream().allMatch(head -> head.number() == 0));
        return empty ? file.readOrCreate(random) : file.read();
    }

    @Bean
    Reserved reserved() {
        return CairnFeatures.ALL.reserved();
    }

    @Bean
    EventSchemas schemas(CairnSettings settings, Reserved reserved) {
        return new EventSchemas(
                new NetworkntSchemas(),
                CairnFeatures.ALL.types(),
                reserved,
                settings.schemas().settings());
    }

    @Bean
    EventLog log(
            LogStorage storage,
            MasterKey master,
            EventSchemas schemas,
            Ids ids,
            SecureRandom random,
            CairnSettings settings,
            Retry retry) {
        return EventLog.on(storage)
                .sealedWith(master)
                .inline(CairnFeatures.ALL.inline())
                .upcasting(schemas)
                .ids(ids)
                .random(random)
                .settings(settings.log().settings())
                .admittedBy(schemas)
                .retrying(retry)
                .start();
    }

    @Bean
    Archive archive(EventLog log, LogStorage storage, Ids ids) {
        return new Archive(log, storage, CairnFeatures.ALL.tables(), ids);
    }

    @Bean
    AnchorKeeper anchor(DataFolder folder, EventLog log, LogStorage storage, Ids ids) {
        // A wrong one would otherwise show only when somebody reads.
        log.requireOwnMasterKey();
        LogCopy.requireWhole(log, storage, ids);
        return AnchorKeeper.start(new AnchorFile(DataFiles.anchor(folder)), log, ANCHOR_EVERY);
    }
}
