package io.cairn.adapter.sql;

import io.cairn.event.LogPlace;
import io.cairn.event.LogStorage;
import io.cairn.row.Table;
import java.util.List;
import java.util.function.Function;

/// A database for the logs of a contract, each of which begins with the database emptied. Other modules use
/// [TestDatabase] without the tests of core, so it is not a place itself.
record PostgresLogs(TestDatabase database, Function<PostgresSettings, LogStorage> opening) implements LogPlace {
    @Override
    public LogStorage create(List<Table> tables) {
        return opening.apply(database.emptied().settings());
    }

    @Override
    public LogStorage again(LogStorage storage) {
        return opening.apply(database.settings());
    }
}
