package io.cairn.server.fault;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/// A PostgreSQL of one test's own, which it may stop and start as it likes.
final class PrivatePostgres implements AutoCloseable {
    private static final Path SCRIPT = Path.of("..", "scripts", "dev", "services.sh");
    private static final long SECONDS_MAX = 120;

    private final String port;
    private final Database database;

    private PrivatePostgres(String port) throws IOException, InterruptedException {
        this.port = port;
        this.database = up();
    }

    /// How a server goes down.
    enum Stop {
        /// Sessions are ended, transactions rolled back, and everything is written.
        FAST,
        /// As in a crash: the next start recovers from the write-ahead log.
        IMMEDIATE
    }

    /// A new one. Where none can be had the test is skipped, and fails where servers are required.
    static PrivatePostgres start() throws IOException, InterruptedException {
        var port = Integer.toString(CairnProcess.freePort());
        try {
            return new PrivatePostgres(port);
        } catch (NotPossible e) {
            return "required".equals(System.getenv("CAIRN_TEST_SERVERS"))
                    ? Assertions.fail(e)
                    : Assumptions.abort(e.toString());
        }
    }

    private static final class NotPossible extends IOException {
        NotPossible(String message) {
            super(message);
        }
    }

    Database database() {
        return database;
    }

    void stop(Stop how) throws IOException, InterruptedException {
        script(
                "stop",
                port,
                switch (how) {
                    case FAST -> "fast";
                    case IMMEDIATE -> "immediate";
                });
    }

    Database up() throws IOException, InterruptedException {
        var told = new Properties();
        told.load(new StringReader(script("up", port)));
        return new Database(told.getProperty("url"), told.getProperty("user"), told.getProperty("password"));
    }

    private static String script(String... arguments) throws IOException, InterruptedException {
        var command = Stream.concat(Stream.of(SCRIPT.toString(), "postgres-private"), Stream.of(arguments))
                .toList();
        var process = new ProcessBuilder(List.copyOf(command))
                .redirectErrorStream(true)
                .start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new NotPossible("A PostgreSQL of this test's own cannot be had: " + said.strip());
        }
        return said;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        script("down", port);
    }
}
