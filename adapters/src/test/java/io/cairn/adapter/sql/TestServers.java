package io.cairn.adapter.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/// The real servers that tests run on: those of the environment, those of `scripts/dev/services.sh`, or a
/// container.
///
/// A test whose server is nowhere is skipped with the reason; under `CAIRN_TEST_SERVERS=required` it fails.
public final class TestServers {
    private static final DockerImageName IMAGE =
            DockerImageName.parse("pgvector/pgvector:0.8.1-pg17").asCompatibleSubstituteFor("postgres");

    private TestServers() {}

    /// A server whose user may create databases.
    ///
    /// @param certificate of the authority that vouches for the name `localhost`, where the server speaks
    /// TLS
    public record Postgres(String url, String user, String password, Optional<Path> certificate) {}

    private static final class Found {
        static final Optional<Postgres> POSTGRES = find();
    }

    public static Postgres postgres() {
        return Found.POSTGRES.orElseGet(() -> missing("PostgreSQL"));
    }

    /// The URL of a Redis, with its password.
    public static URI redis() {
        return setting("redis.url").map(URI::create).orElseGet(() -> missing("Redis"));
    }

    private static Optional<Postgres> find() {
        return setting("postgres.url")
                .map(url -> new Postgres(
                        inTheClear(url),
                        setting("postgres.user").orElse("postgres"),
                        setting("postgres.password").orElse(""),
                        setting("postgres.certificate").map(Path::of)))
                .or(TestServers::container);
    }

    /// TLS has tests of its own; elsewhere its handshakes would take a quarter of all the time.
    private static String inTheClear(String url) {
        return url.matches("jdbc:postgresql://127\\.0\\.0\\.1[:/][^?]*") ? url + "?sslmode=disable" : url;
    }

    /// Testcontainers turns fsync off, which Cairn refuses.
    private static Optional<Postgres> container() {
        if (!DockerClientFactory.instance().isDockerAvailable()) {
            return Optional.empty();
        }
        var container = new PostgreSQLContainer(IMAGE).withCommand("postgres", "-c", "max_connections=200");
        container.start();
        return Optional.of(new Postgres(
                container.getJdbcUrl(), container.getUsername(), container.getPassword(), Optional.empty()));
    }

    private static Optional<String> setting(String key) {
        var variable = "CAIRN_TEST_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
        return Optional.ofNullable(System.getenv(variable))
                .or(() -> Optional.ofNullable(services().getProperty(key)));
    }

    private static Properties services() {
        var properties = new Properties();
        var file = servicesHome().resolve("servers.properties");
        if (Files.exists(file)) {
            try (var reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return properties;
    }

    private static Path servicesHome() {
        return Optional.ofNullable(System.getenv("CAIRN_SERVICES"))
                .map(Path::of)
                .orElseGet(() -> Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                        .map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
                        .resolve("cairn/services"));
    }

    private static <T> T missing(String server) {
        var reason = server + " is not up: scripts/dev/services.sh up brings it up";
        return "required".equals(System.getenv("CAIRN_TEST_SERVERS"))
                ? Assertions.fail(reason)
                : Assumptions.abort(reason);
    }
}
