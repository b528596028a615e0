package io.cairn.adapter.sql;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.EventLog;
import io.cairn.event.Ids;
import io.cairn.event.LogStorage;
import io.cairn.seal.MasterKey;
import io.cairn.tenant.Tenant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Objects;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/// A log as the first release left it: its schema, and rows that it wrote.
final class FirstSchema {
    static final Tenant TENANT = new Tenant("acme");

    /// The address of the one blob, whose content is `A paper.`.
    static final String BLOB = "f970241d6107061411df88a8c66d6596c50895d0f9078ff0ca298777d0ee46e3";

    private FirstSchema() {}

    /// @param dialect makes what the database understands of the rows' statements
    static void make(DataSource source, String location, UnaryOperator<String> dialect) {
        Flyway.configure()
                .dataSource(source)
                .locations(location)
                .target("1")
                .loggers("slf4j")
                .load()
                .migrate();
        try (var connection = source.getConnection();
                var statement = connection.createStatement()) {
            for (var insert : rows().split(";\n")) {
                statement.execute(dialect.apply(insert));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String rows() {
        try (var rows = Objects.requireNonNull(FirstSchema.class.getResourceAsStream("/db/first/rows.sql"))) {
            return new String(rows.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// A log on the storage, with the master key under which the rows were written.
    static EventLog open(LogStorage storage) {
        var secret = new byte[MasterKey.BYTES];
        for (int i = 0; i < secret.length; i++) {
            secret[i] = (byte) i;
        }
        var random = new SecureRandom();
        var ids = new Ids(Clock.systemUTC(), random);
        return EventLog.on(storage)
                .sealedWith(new MasterKey(secret))
                .ids(ids)
                .random(random)
                .start();
    }
}
