package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import io.cairn.model.EmbeddingSpace;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the dense index needs of a PostgreSQL database: pgvector, and tables beside the log's.
final class PgvectorSchema {
    /// The first that goes on walking its graph until enough is found that matches.
    private static final int[] OLDEST = {0, 8};

    private static final String NOT_ALLOWED = "42501";
    private static final String EXISTS = "23505";
    private static final Logger LOG = LoggerFactory.getLogger(PgvectorSchema.class);
    private static final String INSTEAD = "or set cairn.recall.dense to lucene";

    private PgvectorSchema() {}

    /// @param available the version that could be installed, null if there is none
    /// @param installed null if it is not
    /// @param reachable whether its types are found without the name of their schema
    private record Extension(
            @Nullable String available, @Nullable String installed, boolean reachable) {}

    static void requireKept(EmbeddingSpace space) {
        if (space.dimensions() > PgvectorTable.DIMENSIONS_MAX) {
            throw broken(
                    "pgvector keeps vectors of up to %,d dimensions, and those of %s have %,d: choose another model, %s"
                            .formatted(PgvectorTable.DIMENSIONS_MAX, space.model(), space.dimensions(), INSTEAD),
                    null);
        }
    }

    /// Nodes that start at once take turns: Flyway's own lock begins only behind its table, which two may be making.
    static void migrate(PostgresAddress address) {
        var source = PostgresSchema.source(address);
        try (var connection = source.getConnection()) {
            requireWritable(connection, address);
            takeTurns(connection);
            requireExtension(connection, address);
            new Migration(
                            source,
                            "The dense index of " + address,
                            new String[] {"classpath:db/pgvector"},
                            "knowledge_schema_history",
                            "It is derived: drop its tables, and it is built anew")
                    .run(version -> {});
        } catch (SQLException e) {
            throw PostgresDialect.INSTANCE.failed("be reached", e);
        }
    }

    /// Until the connection is closed.
    private static void takeTurns(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_lock(hashtextextended('cairn.knowledge', 0))");
        }
    }

    private static void requireExtension(Connection connection, PostgresAddress address) throws SQLException {
        var found = extension(connection);
        if (found.available() == null && found.installed() == null) {
            throw broken(
                    "%s has no pgvector: install the package that brings the extension 'vector' to that server (postgresql-17-pgvector on Debian), %s"
                            .formatted(address, INSTEAD),
                    null);
        }
        if (found.installed() == null) {
            create(connection, address);
            found = extension(connection);
        }
        if (isTooOld(String.valueOf(found.installed()))) {
            throw broken(
                    "%s has pgvector %s, and 0.8 is the oldest that will do: update the package and run ALTER EXTENSION vector UPDATE, %s"
                            .formatted(address, found.installed(), INSTEAD),
                    null);
        }
        if (!found.reachable()) {
            throw broken(
                    "%s has pgvector in a schema that is not on the search path: add it to currentSchema in cairn.store.url, %s"
                            .formatted(address, INSTEAD),
                    null);
        }
    }

    private static void requireWritable(Connection connection, PostgresAddress address) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SHOW transaction_read_only")) {
            rows.next();
            if (rows.getString(1).equals("on")) {
                throw broken(
                        "%s only reads, and the dense index has to be written there: connect to the server that writes"
                                .formatted(address),
                        null);
            }
        }
    }

    private static Extension extension(Connection connection) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("""
                    SELECT (SELECT default_version FROM pg_available_extensions WHERE name = 'vector'),
                           (SELECT extversion FROM pg_extension WHERE extname = 'vector'),
                           to_regtype('vector') IS NOT NULL
                    """)) {
            rows.next();
            return new Extension(rows.getString(1), rows.getString(2), rows.getBoolean(3));
        }
    }

    private static void create(Connection connection, PostgresAddress address) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("CREATE EXTENSION IF NOT EXISTS vector");
        } catch (SQLException e) {
            switch (String.valueOf(e.getSQLState())) {
                case NOT_ALLOWED ->
                    throw broken(
                            "%s does not let this role make the extension 'vector': have a superuser run CREATE EXTENSION vector in that database once, %s"
                                    .formatted(address, INSTEAD),
                            e);
                case EXISTS -> LOG.debug("Another node has made the extension 'vector' meanwhile", e);
                default -> throw e;
            }
        }
    }

    private static boolean isTooOld(String version) {
        var numbers =
                Arrays.stream(version.split("[.]")).mapToInt(Integer::parseInt).toArray();
        return Arrays.compare(numbers, OLDEST) < 0;
    }

    private static StorageException broken(String sentence, @Nullable SQLException cause) {
        return new StorageException(Kind.BROKEN, sentence, cause == null ? new IllegalStateException() : cause);
    }
}
