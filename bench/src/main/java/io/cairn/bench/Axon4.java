package io.cairn.bench;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.sql.DataSource;

/// Axon Framework 4 beside its successor, whose packages have the same names: `bench/axon4` on a class path of its
/// own.
///
/// One loader serves all rounds, so that what the JVM has compiled in one round serves the next, as it does for the
/// other sides.
final class Axon4 implements AutoCloseable {
    private static final String CLASS_PATH = "cairn.bench.axon4";
    private static final String ENGINE = "io.cairn.bench.axon4.JdbcEngine";

    private final URLClassLoader classes;

    private Axon4(URLClassLoader classes) {
        this.classes = classes;
    }

    static Axon4 load() {
        var path = Optional.ofNullable(System.getProperty(CLASS_PATH))
                .orElseThrow(() -> new IllegalArgumentException(
                        "Axon 4 needs a class path of its own, which scripts/bench gives as " + CLASS_PATH));
        var entries = Pattern.compile(System.getProperty("path.separator"), Pattern.LITERAL)
                .splitAsStream(path)
                .map(Axon4::url)
                .toArray(URL[]::new);
        return new Axon4(new URLClassLoader("axon4", entries, ClassLoader.getPlatformClassLoader()));
    }

    private static URL url(String entry) {
        try {
            return Path.of(entry).toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(entry + " cannot be on a class path", e);
        }
    }

    Peer jdbcEngine(PostgresServer server, int clients) throws ReflectiveOperationException {
        var pool = server.pool(clients, true);
        try {
            return new JdbcEngine(pool, engine(pool));
        } catch (ReflectiveOperationException | RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    /// The engine is known by types of the JDK alone; what it looks up through the thread it shall find on its own
    /// class path.
    @SuppressWarnings("unchecked")
    private Consumer<String> engine(DataSource connections) throws ReflectiveOperationException {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        thread.setContextClassLoader(classes);
        try {
            return (Consumer<String>) classes.loadClass(ENGINE)
                    .getConstructor(DataSource.class, String.class)
                    .newInstance(connections, AppendBench.text());
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    @Override
    public void close() throws IOException {
        classes.close();
    }

    private record JdbcEngine(HikariDataSource pool, Consumer<String> engine) implements Peer {
        @Override
        public void to(String aggregate) {
            engine.accept(aggregate);
        }

        @Override
        public void close() {
            pool.close();
        }
    }
}
