package io.cairn.adapter.sql;

import io.cairn.event.Head;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;

/// The schema of a log's SQLite file.
final class SqliteSchema {
    private SqliteSchema() {}

    static void migrate(Path file) {
        Flyway.configure()
                .dataSource("jdbc:sqlite:" + file, null, null)
                .locations("classpath:db/sqlite")
                .loggers("slf4j")
                .load()
                .migrate();
    }

    /// The log's epoch; a new file gets one, and its partitions.
    static String identity(SqlSession session, int partitions) throws SQLException {
        var known = session.first("SELECT epoch FROM log_identity", row -> row.getString(1));
        return known.isPresent() ? known.get() : found(session, partitions);
    }

    private static String found(SqlSession session, int partitions) throws SQLException {
        var epoch = Long.toString(new SecureRandom().nextLong() >>> 14, Character.MAX_RADIX);
        session.update("BEGIN IMMEDIATE");
        for (int partition = 0; partition < partitions; partition++) {
            var head = Head.genesis(epoch, partition);
            session.update(
                    "INSERT INTO partition_head (partition, position, chain, recorded_at) VALUES (?, 0, ?, 0)",
                    partition,
                    head.chain());
        }
        session.update(
                "INSERT INTO log_identity (epoch, genesis, created_at) VALUES (?, ?, ?)",
                epoch,
                Head.genesis(epoch, 0).chain(),
                System.currentTimeMillis() * 1000);
        session.update("COMMIT");
        return epoch;
    }
}
