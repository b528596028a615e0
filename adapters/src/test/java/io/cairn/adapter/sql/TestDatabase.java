package io.cairn.adapter.sql;

import io.cairn.event.StorageException;
import io.cairn.guard.Breaker;
import io.cairn.guard.Retry;
import io.cairn.model.Embeddings;
import io.cairn.model.ModelChange;
import io.cairn.passage.Passages;
import io.cairn.projection.Generations;
import io.cairn.recall.DenseIndex;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
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
            execute(server().url(), "DROP DATABASE " + name + " WITH (FORCE)");
        }
    }

    String name() {
        return name;
    }

    public TestServers.Postgres server() {
        return TestServers.postgres();
    }

    /// Removes everything in it, so that the next test finds it as the first one did.
    public TestDatabase emptied() {
        execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        return this;
    }

    /// For a log of its own in a schema that is made anew.
    PostgresSettings settingsFor(String schema) {
        execute("DROP SCHEMA IF EXISTS %s CASCADE; CREATE SCHEMA %s".formatted(schema, schema));
        return settings(url() + (url().contains("?") ? "&" : "?") + "currentSchema=" + schema);
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
        return pgvector(passages, embeddings, ModelChange.to(embeddings.space()));
    }

    Generations<DenseIndex> pgvector(Supplier<Passages> passages, Embeddings embeddings, ModelChange change) {
        return PgvectorGenerations.open(
                settings(),
                passages,
                embeddings,
                change,
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

    private void execute(String url, String sql) {
        try (var connection = DriverManager.getConnection(url, server().user(), server().password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
