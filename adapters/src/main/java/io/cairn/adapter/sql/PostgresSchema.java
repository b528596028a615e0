package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The schema of a log's PostgreSQL database.
final class PostgresSchema {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresSchema.class);

    private PostgresSchema() {}

    static void migrate(PostgresAddress address) {
        migrate(address, "classpath:db/postgres");
    }

    /// Nodes that bring it up to date at once take turns: Flyway holds a lock meanwhile.
    static void migrate(PostgresAddress address, String... locations) {
        var source = source(address);
        requireReachable(source);
        new Migration(source, address.toString(), locations, Migration.HISTORY, "The former release still runs on it")
                .run(version -> markRestorePoint(source, address, version));
    }

    /// @throws StorageException if this release would change the schema before it works with it
    static void requireCurrent(PostgresAddress address) {
        new Migration(
                        source(address),
                        address.toString(),
                        new String[] {"classpath:db/postgres"},
                        Migration.HISTORY,
                        "The former release still runs on it")
                .requireCurrent();
    }

    /// @throws StorageException if there is no log
    static void requireLog(PostgresAddress address) {
        try (var connection = source(address).getConnection();
                var statement = connection.createStatement();
                var found = statement.executeQuery("SELECT to_regclass('log_identity') IS NOT NULL")) {
            if (!found.next() || !found.getBoolean(1)) {
                throw new StorageException(
                        Kind.BROKEN, "there is no log in %s".formatted(address), new IllegalStateException());
            }
        } catch (SQLException e) {
            throw PostgresDialect.INSTANCE.failed("be reached", e);
        }
    }

    /// A source of connections that belong to no pool.
    static DataSource source(PostgresAddress address) {
        var source = address.source();
        var credentials = address.credentials();
        source.setUser(credentials.getUsername());
        source.setPassword(credentials.getPassword());
        return source;
    }

    /// Connects once, so that a server that cannot be reached fails with another message than a schema that cannot be
    /// brought up to date.
    private static void requireReachable(DataSource source) {
        try (var connection = source.getConnection()) {
            requireDurable(connection);
        } catch (SQLException e) {
            throw PostgresDialect.INSTANCE.failed("be reached", e);
        }
    }

    /// What is acknowledged has to survive a crash of the server.
    private static void requireDurable(Connection connection) throws SQLException {
        for (var setting : List.of("fsync", "full_page_writes", "synchronous_commit")) {
            try (var statement = connection.createStatement();
                    var rows = statement.executeQuery("SHOW " + setting)) {
                rows.next();
                if (rows.getString(1).equals("off")) {
                    throw new StorageException(
                            Kind.BROKEN,
                            "PostgreSQL runs with %s off, so what is acknowledged could be lost: turn it on"
                                    .formatted(setting),
                            new IllegalStateException());
                }
            }
        }
    }

    private static void markRestorePoint(DataSource source, PostgresAddress address, String version) {
        var name = "cairn-schema-" + version;
        try (var connection = source.getConnection();
                var statement = connection.prepareStatement("SELECT pg_create_restore_point(?)")) {
            statement.setString(1, name);
            statement.execute();
            LOG.info("Restore point {} was made before the schema of {} is changed", name, address);
        } catch (SQLException e) {
            LOG.warn(
                    "No restore point was made before the schema of {} is changed ({}): a way back needs a backup of"
                            + " your own",
                    address,
                    e.getMessage());
        }
    }
}
