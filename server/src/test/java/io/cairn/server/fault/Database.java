package io.cairn.server.fault;

import io.cairn.adapter.sql.TestDatabase;
import java.sql.DriverManager;
import java.sql.SQLException;

/// A PostgreSQL database on which nodes run, asked and disturbed from outside.
record Database(String url, String user, String password) {
    static Database of(TestDatabase made) {
        return new Database(made.url(), made.server().user(), made.server().password());
    }

    /// How many rows a query that works on each row found, or the number that a query asks for.
    long number(String sql) {
        try (var connection = DriverManager.getConnection(url, user, password);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Ends connections of nodes that meet a condition on `pg_stat_activity`.
    ///
    /// @return how many
    long terminate(String condition) {
        return number("""
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'cairn' AND (%s)""".formatted(condition));
    }

    /// How many connections of nodes meet a condition on `pg_stat_activity`.
    long connections(String condition) {
        return number("""
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name = 'cairn' AND (%s)""".formatted(condition));
    }

    /// How often the server had to break a circle of transactions that waited for each other.
    long deadlocks() {
        return number("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    }
}
