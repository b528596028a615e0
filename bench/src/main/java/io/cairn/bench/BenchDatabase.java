package io.cairn.bench;

import io.cairn.adapter.sql.PgvectorGenerations;
import io.cairn.adapter.sql.PostgresSettings;
import io.cairn.adapter.sql.Statements;
import io.cairn.event.StorageException;
import io.cairn.guard.Breaker;
import io.cairn.guard.Retry;
import io.cairn.model.EmbeddingSpaces;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/// A PostgreSQL database that belongs to one measurement and is dropped after it.
final class BenchDatabase implements AutoCloseable {
    private final String name = "cairn_bench_"
            + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());

    private BenchDatabase() throws SQLException {
        execute(environment("URL"), "CREATE DATABASE " + name);
    }

    /// On the server that `scripts/dev/services.sh env` names.
    static BenchDatabase create() throws SQLException {
        return new BenchDatabase();
    }

    private static String environment(String what) {
        return Optional.ofNullable(System.getenv("CAIRN_TEST_POSTGRES_" + what))
                .orElseThrow(() -> new IllegalArgumentException(
                        "This needs PostgreSQL: eval \"$(scripts/dev/services.sh env)\" names one that is up"));
    }

    PostgresSettings settings() {
        return PostgresSettings.of(url(), environment("USER"), environment("PASSWORD"));
    }

    Engine.Vectors pgvector() {
        return (folder, units, embeddings) -> PgvectorGenerations.open(
                settings(),
                units,
                EmbeddingSpaces.only(embeddings),
                Clock.systemUTC(),
                new SimpleMeterRegistry(),
                Statements.uncounted(),
                new Breaker(
                        "dense",
                        StorageException.FAILURES,
                        new Breaker.Settings(5, Duration.ofSeconds(1)),
                        System::nanoTime),
                Retry.none(StorageException.FAILURES));
    }

    private String url() {
        return environment("URL").replaceFirst("/[^/?]*([?]|$)", "/" + name + "$1");
    }

    void execute(String sql) throws SQLException {
        execute(url(), sql);
    }

    private static void execute(String url, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url, environment("USER"), environment("PASSWORD"));
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    String text(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(url(), environment("USER"), environment("PASSWORD"));
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    @Override
    public void close() throws SQLException {
        execute(environment("URL"), "DROP DATABASE " + name + " WITH (FORCE)");
    }
}
