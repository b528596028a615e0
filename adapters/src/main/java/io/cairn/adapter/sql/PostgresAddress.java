package io.cairn.adapter.sql;

import com.zaxxer.hikari.util.Credentials;
import io.cairn.event.StorageException;
import io.cairn.event.StorageException.Kind;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ds.PGSimpleDataSource;

/// How one PostgreSQL server is reached: hosts, database, credentials, and TLS unless it is on this machine.
final class PostgresAddress {
    private static final String VERIFIED = "verify-full";
    private static final Set<String> PLAIN = Set.of("disable", "allow", "prefer");

    private final PostgresSettings settings;
    private final Properties url;

    private PostgresAddress(PostgresSettings settings, Properties url) {
        this.settings = settings;
        this.url = url;
    }

    static PostgresAddress of(PostgresSettings settings) {
        return new PostgresAddress(settings, parsed(settings.url()));
    }

    /// @param rootCertificate of the authorities that vouch for the server, if they are not the JVM's
    /// @throws IllegalArgumentException if the URL cannot be read, or if data would go to another machine in the
    /// clear or to whoever says that they are that machine
    static void requireSafe(String url, Set<String> plaintextHosts, @Nullable Path rootCertificate) {
        var parsed = parsed(url);
        var fault = unsafe(parsed, rootCertificate);
        if (fault == null) {
            return;
        }
        for (var host : remoteHosts(parsed)) {
            if (!plaintextHosts.contains(host)) {
                throw new IllegalArgumentException(
                        "%s: leave it out, which verifies certificate and name, or allow %s by name in plaintext-hosts"
                                .formatted(fault.formatted(host), host));
            }
        }
    }

    /// What is not safe, as a sentence with a place for the host; nothing if all is verified.
    private static @Nullable String unsafe(Properties url, @Nullable Path rootCertificate) {
        var mode = Objects.requireNonNullElse(PGProperty.SSL_MODE.getOrDefault(url), VERIFIED);
        if (PLAIN.contains(mode)) {
            return "sslmode=" + mode + " would talk to %s in the clear";
        }
        if (mode.equals("require")) {
            return "sslmode=require would talk to whoever says that they are %s, since it verifies nothing";
        }
        boolean anyAuthority = rootCertificate == null && PGProperty.SSL_ROOT_CERT.getOrDefault(url) == null;
        if (mode.equals("verify-ca") && anyAuthority) {
            return "sslmode=verify-ca would talk to whoever has a certificate of any known authority instead of %s";
        }
        var factory = PGProperty.SSL_FACTORY.getOrDefault(url);
        if (factory != null && factory.endsWith("NonValidatingFactory")) {
            return "sslfactory=" + factory + " would talk to whoever says that they are %s, since it verifies nothing";
        }
        return null;
    }

    private static Properties parsed(String url) {
        var parsed = url.startsWith("jdbc:postgresql:") ? Driver.parseURL(url, null) : null;
        if (parsed == null) {
            throw new IllegalArgumentException("'%s' is no URL of PostgreSQL, such as jdbc:postgresql://HOST/DATABASE"
                    .formatted(withoutParameters(url)));
        }
        return parsed;
    }

    /// Parameters may hold a password.
    static String withoutParameters(String url) {
        return url.replaceFirst("[?].*", "");
    }

    /// A source of connections that are set up for the log, before any pool.
    PGSimpleDataSource source() {
        var source = new PGSimpleDataSource();
        source.setUrl(settings.url());
        source.setApplicationName("cairn");
        source.setTcpKeepAlive(true);
        int connectSeconds = Math.toIntExact(settings.waits().connect().toSeconds());
        source.setConnectTimeout(connectSeconds);
        source.setLoginTimeout(connectSeconds);
        if (tlsByDefault()) {
            source.setSslMode(VERIFIED);
        }
        trust(source);
        return source;
    }

    private void trust(PGSimpleDataSource source) {
        var certificate = settings.rootCertificate();
        if (certificate != null) {
            source.setSslRootCert(certificate.toString());
        } else if (tlsByDefault() && PGProperty.SSL_ROOT_CERT.getOrDefault(url) == null) {
            source.setSslfactory("org.postgresql.ssl.DefaultJavaSSLFactory");
        }
    }

    Credentials credentials() {
        var user = settings.user() == null ? PGProperty.USER.getOrDefault(url) : settings.user();
        return Credentials.of(user, password());
    }

    private @Nullable String password() {
        var file = settings.passwordFile();
        if (file != null) {
            return read(file);
        }
        return settings.password() == null ? PGProperty.PASSWORD.getOrDefault(url) : settings.password();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new StorageException(
                    Kind.BROKEN, "The password of PostgreSQL cannot be read from %s: %s".formatted(file, e), e);
        }
    }

    private boolean tlsByDefault() {
        return PGProperty.SSL_MODE.getOrDefault(url) == null
                && !remoteHosts(url).isEmpty();
    }

    private static List<String> remoteHosts(Properties url) {
        return Arrays.stream(Objects.requireNonNullElse(PGProperty.PG_HOST.getOrDefault(url), "localhost")
                        .split(",", -1))
                .filter(host -> !loopback(host))
                .toList();
    }

    /// Other names may mean another machine tomorrow.
    private static boolean loopback(String host) {
        try {
            return host.equals("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return settings.toString();
    }
}
