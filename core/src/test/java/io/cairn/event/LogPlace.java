package io.cairn.event;

import io.cairn.row.Table;
import java.util.List;
import java.util.function.Function;

/// Where the logs of a contract are kept.
public interface LogPlace {
    /// A new, empty storage with these tables.
    LogStorage create(List<Table> tables);

    /// What another node, or the next process, opens on the same database.
    LogStorage again(LogStorage storage);

    /// In memory the storage itself is what another node opens.
    static LogPlace inMemory(Function<List<Table>, LogStorage> creating) {
        return new LogPlace() {
            @Override
            public LogStorage create(List<Table> tables) {
                return creating.apply(tables);
            }

            @Override
            public LogStorage again(LogStorage storage) {
                return storage;
            }
        };
    }
}
