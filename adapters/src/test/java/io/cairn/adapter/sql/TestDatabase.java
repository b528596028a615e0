package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import io.cairn.guard.Breaker;
import io.cairn.guard.Retry;
import io.cairn.model.EmbeddingSpaces;
import io.cairn.model.Embeddings;
import io.cairn.passage.Passages;
import io.cairn.projection.Generations;
import io.cairn.recall.DenseIndex;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A PostgreSQL database that belongs to one test class and those nested in it, made before its first test and dropped
/// after its last.
public final class TestDatabase implements BeforeAllCallback, AfterAllCallback {
    private final String name = "cairn_test_"
            + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    private @Nullable String owner;

    /// The tables of a log, by the schema that they were made in and nothing has been done to since.
    private final Map<String, List<String>> tables = new HashMap<>();

    /// For a schema, the tables of a log, and the one among them that remembers how they were made.
    private static final String EMPTY = """
        DO $$
        DECLARE
            place TEXT := '%s';
            kept TEXT[] := string_to_array('%s', ',');
            name TEXT;
        BEGIN
            FOR name IN SELECT viewname FROM pg_views WHERE schemaname = place LOOP
                EXECUTE format('DROP VIEW %%I.%%I CASCADE', place, name);
            END LOOP;
            FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = place LOOP
                IF name <> ALL (kept) THEN
                    EXECUTE format('DROP TABLE IF EXISTS %%I.%%I CASCADE', place, name);
                ELSIF name <> '%s' THEN
                    EXECUTE format('DELETE FROM %%I.%%I', place, name);
                END IF;
            END LOOP;
            FOR name IN SELECT oid::regprocedure::text FROM pg_proc AS p WHERE pronamespace = place::regnamespace
                AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e') LOOP
                EXECUTE format('DROP FUNCTION %%s CASCADE', name);
            END LOOP;
            PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence, pg_class AS c
            WHERE seqrelid = c.oid AND relnamespace = place::regnamespace;
        END $$\
        """;

    /// Nested classes come here too.
    @Override
    public void beforeAll(ExtensionContext context) {
        if (owner == null) {
            execute(server().url(), "CREATE DATABASE " + name);
            owner = context.getUniqueId();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (context.getUniqueId().equals(owner)) {
            owner = null;
            tables.clear();
            execute(server().url(), "DROP DATABASE " + name + " WITH (FORCE)");
        }
    }

    String name() {
        return name;
    }

    public TestServers.Postgres server() {
        return TestServers.postgres();
    }

    /// Leaves the log's tables without a row and removes whatever else is there, so that the next test finds it as the
    /// first one did. Deleting takes a hundredth of the time that making the tables anew does.
    public TestDatabase emptied() {
        empty("public");
        return this;
    }

    /// Removes everything in it, tables too, for tests of how they are made.
    public TestDatabase bare() {
        strip("public");
        return this;
    }

    /// For a log of its own in a schema that is emptied like the database.
    PostgresSettings settingsFor(String schema) {
        empty(schema);
        return inSchema(schema);
    }

    /// For a log of its own in a schema without tables.
    PostgresSettings settingsForBare(String schema) {
        strip(schema);
        return inSchema(schema);
    }

    private PostgresSettings inSchema(String schema) {
        return settings(url() + (url().contains("?") ? "&" : "?") + "currentSchema=" + schema);
    }

    private void empty(String schema) {
        var made = tables.get(schema);
        if (made == null) {
            strip(schema);
            PostgresSchema.migrate(PostgresAddress.of(inSchema(schema)));
            tables.put(schema, texts("SELECT tablename FROM pg_tables WHERE schemaname = '%s'".formatted(schema)));
        } else {
            execute(EMPTY.formatted(schema, String.join(",", made), Migration.HISTORY));
        }
    }

    private void strip(String schema) {
        tables.remove(schema);
        execute("DROP SCHEMA IF EXISTS %s CASCADE; CREATE SCHEMA %s".formatted(schema, schema));
    }

    PostgresSettings settings() {
        return settings(url());
    }

    /// With a small pool, since many tests run on one server.
    private PostgresSettings settings(String url) {
        var defaults = PostgresSettings.Pool.defaults();
        return PostgresSettings.of(url, server().user(), server().password())
                .with(new PostgresSettings.Pool(
                        1,
                        4,
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(1),
                        defaults.lifetimeMax(),
                        defaults.leakAfter()));
    }

    /// The generations of a dense index in it.
    public Generations<DenseIndex> pgvector(Supplier<Passages> passages, Embeddings embeddings) {
        return pgvector(passages, EmbeddingSpaces.only(embeddings));
    }

    Generations<DenseIndex> pgvector(Supplier<Passages> passages, EmbeddingSpaces spaces) {
        return PgvectorGenerations.open(
                settings(),
                passages,
                spaces,
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                Statements.watched(),
                new Breaker(
                        "dense",
                        StorageException.FAILURES,
                        new Breaker.Settings(5, Duration.ofSeconds(1)),
                        System::nanoTime),
                Retry.none(StorageException.FAILURES));
    }

    public String url() {
        return server().url().replaceFirst("/[^/?]*([?]|$)", "/" + name + "$1");
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), server().user(), server().password());
    }

    public void execute(String sql) {
        execute(url(), sql);
    }

    /// How many of this database's connections the statement's condition on `pg_stat_activity` meets.
    int connections(String condition) {
        return number(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = '%s' AND application_name = 'cairn' AND (%s)"
                        .formatted(name, condition));
    }

    public int number(String sql) {
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The rows of each of its tables as PostgreSQL writes them, bytes in hexadecimal.
    public Map<String, List<String>> rows() {
        var rows = new TreeMap<String, List<String>>();
        for (var table : texts("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")) {
            rows.put(table, texts("SELECT held::text FROM \"%s\" AS held ORDER BY 1".formatted(table)));
        }
        return rows;
    }

    private List<String> texts(String sql) {
        var texts = new ArrayList<String>();
        try (var connection = connect();
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return texts;
    }

    private void execute(String url, String sql) {
        try (var connection = DriverManager.getConnection(url, server().user(), server().password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
