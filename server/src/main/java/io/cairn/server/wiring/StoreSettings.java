package io.cairn.server.wiring;

import io.cairn.adapter.sql.PostgresSettings;
import io.cairn.guard.Breaker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Where the log is kept: in a file of the data folder or, if there is a URL, on PostgreSQL.
///
/// @param url `jdbc:postgresql://HOST[:PORT]/DATABASE`
/// @param passwordFile read again for each new connection
/// @param rootCertificate a PEM file with the authorities that vouch for the server
/// @param plaintextHosts other machines that may be talked to without TLS, or with TLS that verifies nobody
/// @param partitions of a new log
public record StoreSettings(
        @Nullable String url,
        @Nullable String user,
        @Nullable String password,
        @Nullable Path passwordFile,
        @Nullable Path rootCertificate,
        @DefaultValue List<String> plaintextHosts,
        @DefaultValue("8") int partitions,
        @DefaultValue Pool pool,
        @DefaultValue Waits waits,
        @DefaultValue Retry retry,
        @DefaultValue Broken breaker) {
    public StoreSettings {
        plaintextHosts = List.copyOf(plaintextHosts);
        if (url != null) {
            postgres(url, user, password, passwordFile, rootCertificate, plaintextHosts, partitions, pool, waits);
        } else if (user != null || password != null || passwordFile != null || rootCertificate != null) {
            throw new IllegalArgumentException(
                    "cairn.store.url is missing: without it the log is kept in the data folder, which needs no user, password or certificate");
        }
    }

    /// Nothing if the log is kept in the data folder.
    Optional<PostgresSettings> postgres() {
        return Optional.ofNullable(url)
                .map(address -> postgres(
                        address,
                        user,
                        password,
                        passwordFile,
                        rootCertificate,
                        plaintextHosts,
                        partitions,
                        pool,
                        waits));
    }

    /// The same with what is given, each in place of its own; a password file takes the place of a password.
    StoreSettings with(
            @Nullable String otherUser,
            @Nullable Path otherPasswordFile,
            @Nullable Path otherRootCertificate,
            @Nullable Integer otherPartitions) {
        return new StoreSettings(
                url,
                otherUser == null ? user : otherUser,
                otherPasswordFile == null ? password : null,
                otherPasswordFile == null ? passwordFile : otherPasswordFile,
                otherRootCertificate == null ? rootCertificate : otherRootCertificate,
                plaintextHosts,
                otherPartitions == null ? partitions : otherPartitions,
                pool,
                waits,
                retry,
                breaker);
    }

    private static PostgresSettings postgres(
            String url,
            @Nullable String user,
            @Nullable String password,
            @Nullable Path passwordFile,
            @Nullable Path rootCertificate,
            List<String> plaintextHosts,
            int partitions,
            Pool pool,
            Waits waits) {
        var connections = checked("cairn.store.pool", pool::settings);
        var limits = checked("cairn.store.waits", waits::settings);
        return checked(
                "cairn.store",
                () -> new PostgresSettings(
                        url,
                        user,
                        password,
                        passwordFile,
                        rootCertificate,
                        Set.copyOf(plaintextHosts),
                        partitions,
                        connections,
                        limits));
    }

    /// Connections that read.
    ///
    /// @param leakAfter zero turns the report off
    public record Pool(
            @DefaultValue("20") int size,
            @DefaultValue("60") int burst,
            @DefaultValue("30s") Duration timeout,
            @DefaultValue("5s") Duration validation,
            @DefaultValue("3600s") Duration maxLifetime,
            @DefaultValue("60s") Duration leakAfter) {
        PostgresSettings.Pool settings() {
            return new PostgresSettings.Pool(size, burst, timeout, validation, maxLifetime, leakAfter);
        }
    }

    /// How long anything may wait for the server.
    public record Waits(
            @DefaultValue("10s") Duration connect,
            @DefaultValue("12s") Duration lock,
            @DefaultValue("30s") Duration statement,
            @DefaultValue("8s") Duration idle) {
        PostgresSettings.Waits settings() {
            return new PostgresSettings.Waits(connect, lock, statement, idle);
        }
    }

    /// How often what fails for a reason that passes is tried.
    ///
    /// @param attempts the first one included
    public record Retry(
            @DefaultValue("3") int attempts,
            @DefaultValue("2s") Duration firstWait,
            @DefaultValue("10s") Duration longestWait) {
        public Retry {
            settings(attempts, firstWait, longestWait, Duration.ZERO);
        }

        /// @param within which time another attempt may begin
        io.cairn.guard.Retry.Settings settings(Duration within) {
            return settings(attempts, firstWait, longestWait, within);
        }

        private static io.cairn.guard.Retry.Settings settings(
                int attempts, Duration first, Duration longest, Duration within) {
            return checked(
                    "cairn.store.retry", () -> new io.cairn.guard.Retry.Settings(attempts, first, longest, within));
        }
    }

    /// When a store that does not answer is left alone.
    ///
    /// @param failures in a row
    /// @param open for how long
    public record Broken(
            @DefaultValue("5") int failures,
            @DefaultValue("60s") Duration open) {
        public Broken {
            settings(failures, open);
        }

        Breaker.Settings settings() {
            return settings(failures, open);
        }

        private static Breaker.Settings settings(int failures, Duration open) {
            return checked("cairn.store.breaker", () -> new Breaker.Settings(failures, open));
        }
    }

    /// Says nothing of the password.
    @Override
    public String toString() {
        return postgres().map(PostgresSettings::toString).orElse("the data folder");
    }

    private static <T> T checked(String key, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("%s: %s".formatted(key, e.getMessage()), e);
        }
    }
}
