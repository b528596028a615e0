package io.cairn.adapter.sql;

import io.cairn.event.LogPlace;
import io.cairn.event.LogStorage;
import io.cairn.row.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/// A file for the logs of a contract. Another node on it is what comes after a process that has ended.
///
/// @param folder is there only once a test has begun
record SqliteFile(Supplier<Path> folder, Function<Path, LogStorage> opening) implements LogPlace {
    @Override
    public LogStorage create(List<Table> tables) {
        return again();
    }

    @Override
    public LogStorage again(LogStorage storage) {
        return again();
    }

    private LogStorage again() {
        return opening.apply(folder.get().resolve("log.db"));
    }
}
