package io.cairn.adapter.redis;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Where Redis is, and how long it is waited for.
///
/// @param url `redis://[USER@]HOST[:PORT][/DATABASE]`, or `rediss://` for TLS
/// @param passwordFile a file with the password, read for each connection, if it is not in the URL
/// @param rootCertificate a PEM file with the authorities that vouch for it over TLS, if they are not the JVM's
/// @param timeout for one request
/// @param connect for a connection
/// @param ttl how long a vector is kept; up to a tenth more by chance, so that not all leave at once
public record RedisSettings(
        URI url,
        Optional<Path> passwordFile,
        Optional<Path> rootCertificate,
        Duration timeout,
        Duration connect,
        Duration ttl) {
    public RedisSettings {
        var scheme = String.valueOf(url.getScheme());
        if (!scheme.equals("redis") && !scheme.equals("rediss") || url.getHost() == null) {
            throw new IllegalArgumentException("The URL of Redis begins with redis:// or rediss:// and a host");
        }
        rootCertificate.ifPresent(file -> {
            if (!scheme.equals("rediss") || !Files.isReadable(file)) {
                throw new IllegalArgumentException(
                        "The root certificate of Redis is a file that can be read, and its URL begins with rediss://; found '%s'"
                                .formatted(file));
            }
        });
        if (!timeout.isPositive() || !connect.isPositive() || ttl.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "The times of Redis are positive; found %s, %s and %s".formatted(timeout, connect, ttl));
        }
    }

    /// The URL may hold a password.
    @Override
    public String toString() {
        return "Redis at " + url.getHost();
    }
}
