package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.ledger.LedgerContract;
import io.cairn.row.Table;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/// Another node on the same file is what comes after a process that has ended.
class SqliteLedgerTest extends LedgerContract {
    @TempDir
    Path folder;

    @Override
    protected LogStorage create(List<Table> tables) {
        return SqliteLogStorage.open(folder.resolve("log.db"), 1, tables, Statements.uncounted());
    }

    @Override
    protected LogStorage again(LogStorage storage) {
        return SqliteLogStorage.open(folder.resolve("log.db"), 1);
    }
}
