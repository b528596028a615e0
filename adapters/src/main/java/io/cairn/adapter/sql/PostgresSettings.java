package io.cairn.adapter.sql;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Where PostgreSQL is, how it is reached, and how long anything may wait for it.
///
/// @param url `jdbc:postgresql://HOST[:PORT]/DATABASE[?…]`, with any parameter of the driver
/// @param user in place of one in the URL
/// @param password in place of one in the URL
/// @param passwordFile read again for each new connection, so that a password may change while the server
/// runs
/// @param rootCertificate a PEM file with the authorities that vouch for the server; the JVM's own if there
/// is none
/// @param plaintextHosts other machines that may be talked to without TLS
/// @param partitions of a new log; a log keeps the number that it was founded with
public record PostgresSettings(
        String url,
        @Nullable String user,
        @Nullable String password,
        @Nullable Path passwordFile,
        @Nullable Path rootCertificate,
        Set<String> plaintextHosts,
        int partitions,
        Pool pool,
        Waits waits) {
    public PostgresSettings {
        plaintextHosts = Set.copyOf(plaintextHosts);
        PostgresAddress.requireSafe(url, plaintextHosts, rootCertificate);
        if (password != null && passwordFile != null) {
            throw new IllegalArgumentException("Give a password or a file with one, not both");
        }
        if (partitions < 1 || partitions > 1024) {
            throw new IllegalArgumentException("A log has 1 to 1024 partitions; found " + partitions);
        }
    }

    /// With the defaults for everything but the address.
    public static PostgresSettings of(String url, String user, String password) {
        return new PostgresSettings(url, user, password, null, null, Set.of(), 8, Pool.defaults(), Waits.defaults());
    }

    public PostgresSettings with(Pool pool) {
        return new PostgresSettings(
                url, user, password, passwordFile, rootCertificate, plaintextHosts, partitions, pool, waits);
    }

    public PostgresSettings with(Waits waits) {
        return new PostgresSettings(
                url, user, password, passwordFile, rootCertificate, plaintextHosts, partitions, pool, waits);
    }

    public PostgresSettings withPartitions(int partitions) {
        return new PostgresSettings(
                url, user, password, passwordFile, rootCertificate, plaintextHosts, partitions, pool, waits);
    }

    /// Connections that read. Those that write are apart, one for each partition, so that no reader keeps a
    /// writer waiting.
    ///
    /// @param size kept open when nothing happens
    /// @param burst open at most
    /// @param timeout how long a reader waits for one
    /// @param validation how long a connection may take to say that it is alive, before it is replaced
    /// @param lifetimeMax after which a connection is replaced, once it is idle
    /// @param leakAfter a connection that is out for longer is reported in the log; zero for never
    public record Pool(
            int size, int burst, Duration timeout, Duration validation, Duration lifetimeMax, Duration leakAfter) {
        public Pool {
            if (size < 1 || burst < size) {
                throw new IllegalArgumentException(
                        "A pool keeps at least one connection and bursts to no fewer; found size %d, burst %d"
                                .formatted(size, burst));
            }
            atLeast("wait for a connection", timeout, Duration.ofMillis(250));
            atLeast("validation of a connection", validation, Duration.ofMillis(250));
            if (validation.compareTo(timeout) > 0) {
                throw new IllegalArgumentException(
                        "The validation of a connection (%s) takes no longer than the wait for one (%s)"
                                .formatted(validation, timeout));
            }
            atLeast("lifetime of a connection", lifetimeMax, Duration.ofSeconds(30));
            if (!leakAfter.isZero()) {
                atLeast("time after which a leak is reported", leakAfter, Duration.ofSeconds(2));
            }
        }

        public static Pool defaults() {
            return new Pool(
                    20, 60, Duration.ofSeconds(30), Duration.ofSeconds(5), Duration.ofHours(1), Duration.ofSeconds(60));
        }
    }

    /// Limits, so that nothing waits for ever.
    ///
    /// @param connect for a new connection
    /// @param lock for a partition's head, which another node may hold
    /// @param statement for one statement
    /// @param idle for a writing transaction that does nothing: the server ends it, and the head is free
    /// again
    public record Waits(Duration connect, Duration lock, Duration statement, Duration idle) {
        public Waits {
            atLeast("wait to connect", connect, Duration.ofSeconds(1));
            atLeast("wait for a lock", lock, Duration.ofMillis(10));
            atLeast("wait for a statement", statement, Duration.ofMillis(100));
            atLeast("wait for an idle writer", idle, Duration.ofMillis(100));
        }

        public static Waits defaults() {
            return new Waits(
                    Duration.ofSeconds(10), Duration.ofSeconds(12), Duration.ofSeconds(30), Duration.ofSeconds(8));
        }
    }

    private static void atLeast(String what, Duration found, Duration least) {
        if (found.compareTo(least) < 0) {
            throw new IllegalArgumentException("The %s is at least %s; found %s".formatted(what, least, found));
        }
    }

    /// Says nothing of the password.
    @Override
    public String toString() {
        return "PostgreSQL at " + PostgresAddress.withoutParameters(url);
    }
}
