package io.cairn.cli;

import io.cairn.client.Cairn;
import io.cairn.client.Patience;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The options that say which server is meant and with which key.
final class Connection {
    private static final String DEFAULT_URL = "http://127.0.0.1:7700";
    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

    private final Terminal terminal;

    @Option(
            names = "--url",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "Where the server listens (CAIRN_URL, " + DEFAULT_URL + ").")
    private @Nullable String url;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            description =
                    "The server's data folder, whose admin.key is used for a server on this machine unless CAIRN_API_KEY"
                            + " is set (CAIRN_DATA, ./cairn-data).")
    private @Nullable Path data;

    @Option(
            names = "--tenant",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The tenant meant, for a key that is valid for several.")
    private @Nullable String tenant;

    Connection(Terminal terminal) {
        this.terminal = terminal;
    }

    /// For somebody who waits for the answer: where no server runs, that is said at once.
    Cairn open() {
        return open(new Patience(2, Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ofMinutes(1)));
    }

    /// For long work, which is worth some seconds of waiting for a server that is busy or restarts.
    Cairn openForLongWork() {
        return open(Patience.usual());
    }

    private Cairn open(Patience patience) {
        return Cairn.at(server())
                .key(key().orElse(null))
                .tenant(tenant)
                .patience(patience)
                .connect();
    }

    URI server() {
        String address = url != null ? url : terminal.environment().getOrDefault("CAIRN_URL", DEFAULT_URL);
        try {
            return URI.create(address);
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException(
                    "'" + address + "' is no address of a server; one looks like " + DEFAULT_URL, malformed);
        }
    }

    Optional<String> tenant() {
        return Optional.ofNullable(tenant);
    }

    /// A key that lies in a folder is never sent to another machine, whatever address was given by
    /// mistake.
    Optional<String> key() {
        String given = terminal.environment().getOrDefault("CAIRN_API_KEY", "").strip();
        if (!given.isEmpty()) {
            return Optional.of(given);
        }
        Path file = keyFile();
        if (!isThisMachine() || !Files.isReadable(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.readString(file).strip()).filter(key -> !key.isEmpty());
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "The key in " + file + " cannot be read: " + unreadable.getMessage(), unreadable);
        }
    }

    /// What to do when the server does not accept the key, or got none.
    String keyAdvice() {
        if (!isThisMachine()) {
            return "Set CAIRN_API_KEY to a key of that server.";
        }
        return "Set CAIRN_API_KEY, or name the server's data folder with --data; looked for " + keyFile() + ".";
    }

    private boolean isThisMachine() {
        return THIS_MACHINE.contains(String.valueOf(server().getHost()));
    }

    private Path keyFile() {
        Path folder = data != null ? data : Path.of(terminal.environment().getOrDefault("CAIRN_DATA", "cairn-data"));
        return terminal.folder().resolve(folder).resolve("admin.key");
    }
}
