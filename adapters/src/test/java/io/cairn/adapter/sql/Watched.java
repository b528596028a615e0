package io.cairn.adapter.sql;

import io.cairn.event.EventLog;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;

/// Stores whose statements are watched as in development: [StatementBudget] lets a test fail that asks for too much.
final class Watched {
    private Watched() {}

    static SqliteLogStorage log(Path file) {
        return SqliteLogStorage.open(file, 2, EventLog.tables(), Statements.watched());
    }

    static PostgresLogStorage log(PostgresSettings settings) {
        return PostgresLogStorage.open(settings, EventLog.tables(), new SimpleMeterRegistry(), Statements.watched());
    }

    static SqliteVectorStore vectors(Path file) {
        return SqliteVectorStore.open(file, Statements.watched());
    }

    static PostgresVectorStore vectors(PostgresSettings settings) {
        return PostgresVectorStore.open(settings, new SimpleMeterRegistry(), Statements.watched());
    }
}
