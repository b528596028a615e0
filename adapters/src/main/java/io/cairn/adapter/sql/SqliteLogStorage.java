package io.cairn.adapter.sql;

import io.cairn.event.EventLog;
import io.cairn.event.LogStorage;
import io.cairn.event.ReadSet;
import io.cairn.event.ReadSnapshot;
import io.cairn.event.StorageException;
import io.cairn.event.WriteTransaction;
import io.cairn.row.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/// A log in one SQLite file, with a write-ahead log that is flushed at every commit. One connection writes, several
/// only read.
///
/// Every call into SQLite runs on a platform thread, since native calls pin virtual ones: on the writer's thread or
/// on one of the [ReaderThreads].
public final class SqliteLogStorage implements LogStorage {
    private static final int PARTITIONS = 1;

    private final Path file;
    private final Statements statements;
    private final SqlSession writer;
    private final ReaderThreads readers;
    private final ReentrantLock writing = new ReentrantLock();
    private final String epoch;

    /// Whether the file may be given a checksum when it is closed: not one that is only looked at or was found damaged.
    private volatile boolean sound;

    private boolean closed;

    private SqliteLogStorage(
            Path file, boolean owned, Statements statements, SqlSession writer, ReaderThreads readers, String epoch) {
        this.file = file;
        this.sound = owned;
        this.statements = statements;
        this.writer = writer;
        this.readers = readers;
        this.epoch = epoch;
    }

    /// Opens a log that keeps no other tables than its own, and counts no statements.
    public static SqliteLogStorage open(Path file, int readers) {
        return open(file, readers, EventLog.tables(), Statements.uncounted());
    }

    /// Opens the file, makes it if there is none, and brings its schema up to date.
    ///
    /// @param readers connections, each with a thread, that only read
    /// @param tables that are there besides the log's
    ///
    /// @throws StorageException of kind DAMAGED if the file is not as it was when it was closed
    public static SqliteLogStorage open(Path file, int readers, List<Table> tables, Statements statements) {
        if (!FileChecksum.require(file)) {
            SqliteSchema.requireSound(file);
        }
        FileChecksum.remove(file);
        try {
            SqliteSchema.migrate(file);
            return opened(file, readers, tables, statements);
        } catch (SQLException e) {
            throw notOpened(file, SqliteDialect.INSTANCE.failed("open " + file, e));
        } catch (StorageException e) {
            throw notOpened(file, e);
        }
    }

    private static SqliteLogStorage opened(Path file, int readers, List<Table> tables, Statements statements)
            throws SQLException {
        var writer = connect(file, false, statements);
        try {
            SchemaCheck.require(writer, file.toString(), tables);
            var epoch = LogIdentity.of(writer, PARTITIONS).epoch();
            return new SqliteLogStorage(
                    file,
                    true,
                    statements,
                    writer,
                    ReaderThreads.start(readers, statements, () -> connect(file, true, statements)),
                    epoch);
        } catch (SQLException | RuntimeException e) {
            writer.close();
            throw e;
        }
    }

    /// What cannot be opened, such as a log of a newer release, is left as it was found.
    private static StorageException notOpened(Path file, StorageException failure) {
        if (failure.kind() != StorageException.Kind.DAMAGED) {
            FileChecksum.keep(file);
        }
        return failure;
    }

    /// Whether a log that nobody has open is not as it was when it was closed; false also if that cannot be told.
    public static boolean changedSinceClosed(Path file) {
        return FileChecksum.holds(file).filter(holds -> !holds).isPresent();
    }

    /// Opens a log only to look at it: no byte of it is changed, and its schema has to be this release's.
    public static SqliteLogStorage unchanged(Path file, List<Table> tables) {
        var url = unchangedUrl(file);
        SqliteSchema.requireCurrent(file, url);
        try {
            var looking = connect(url, true, Statements.uncounted());
            SchemaCheck.require(looking, file.toString(), tables);
            var epoch = LogIdentity.existing(looking, file.toString()).epoch();
            return new SqliteLogStorage(
                    file,
                    false,
                    Statements.uncounted(),
                    looking,
                    ReaderThreads.start(1, Statements.uncounted(), () -> connect(url, true, Statements.uncounted())),
                    epoch);
        } catch (SQLException e) {
            throw SqliteDialect.INSTANCE.failed("open " + file, e);
        }
    }

    /// After a clean stop there is nothing beside the file, and nothing has to be put there to read it. What a crash
    /// left beside it is read too.
    private static String unchangedUrl(Path file) {
        return "jdbc:sqlite:" + file.toUri() + "?mode=ro" + (Files.exists(beside(file)) ? "" : "&immutable=1");
    }

    private static Path beside(Path file) {
        return file.resolveSibling(file.getFileName() + "-wal");
    }

    private static SqlSession connect(Path file, boolean readOnly, Statements statements) throws SQLException {
        return connect("jdbc:sqlite:" + file, readOnly, statements);
    }

    private static SqlSession connect(String url, boolean readOnly, Statements statements) throws SQLException {
        var config = new SQLiteConfig();
        config.setBusyTimeout(10_000);
        if (readOnly) {
            config.setReadOnly(true);
            config.setOpenMode(SQLiteOpenMode.READONLY);
        } else {
            config.setJournalMode(SQLiteConfig.JournalMode.WAL);
            config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        }
        return new SqlSession(config.createConnection(url), SqliteDialect.INSTANCE, statements);
    }

    /// The number of the file's pages.
    long pages() throws SQLException {
        return writer.first("PRAGMA page_count", row -> row.getLong(1)).orElseThrow();
    }

    /// Lets the file grow to a number of pages and no further, as a disk does that is nearly full.
    void limitPages(long pages) throws SQLException {
        writer.first("PRAGMA max_page_count = " + pages, row -> row.getLong(1));
    }

    @Override
    public String epoch() {
        return epoch;
    }

    @Override
    public int partitions() {
        return PARTITIONS;
    }

    @Override
    public WriteTransaction write(int partition, Supplier<ReadSet> readSet) {
        writing.lock();
        writer.begin(statements.unlimited("a writing transaction"));
        return SqlWriting.begin(writer, epoch, partition, readSet, position -> written());
    }

    private void written() {
        writer.done();
        writing.unlock();
    }

    @Override
    public <T, X extends Exception> T operation(Supplier<String> name, int items, Operation<T, X> work) throws X {
        return statements.operation(name, items, work);
    }

    /// There is one writing connection for all partitions.
    @Override
    public WriteTransaction writeAll() {
        return write(0);
    }

    @Override
    public <T> T read(Function<ReadSnapshot, T> work) {
        try {
            return readers.run(session -> {
                session.dialect().beginReading(session);
                try {
                    return work.apply(new SqlSnapshot(session, epoch));
                } finally {
                    session.dialect().commit(session);
                }
            });
        } catch (StorageException e) {
            sound &= e.kind() != StorageException.Kind.DAMAGED;
            throw e;
        }
    }

    /// May be called again, by whoever else holds it.
    @Override
    public void close() {
        readers.close();
        writing.lock();
        try {
            if (!closed) {
                closed = true;
                closeWriter();
            }
        } finally {
            writing.unlock();
        }
    }

    private void closeWriter() {
        try {
            writer.close();
        } catch (SQLException e) {
            throw new StorageException(StorageException.Kind.BROKEN, "The log did not close: " + e.getMessage(), e);
        }
        // What a process that was killed, or another one that has the file open, left beside it is not in the file.
        if (sound && !Files.exists(beside(file))) {
            FileChecksum.keep(file);
        }
    }
}
