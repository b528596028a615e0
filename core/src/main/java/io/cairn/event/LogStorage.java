package io.cairn.event;

import io.cairn.row.Table;
import java.util.List;
import java.util.function.Function;

/// Where a log and its rows are kept: the port between the engine and a database.
///
/// One writing transaction per partition at a time; readers never wait for it.
public interface LogStorage extends AutoCloseable {
    /// The name of this log: positions of another epoch are not valid here.
    String epoch();

    int partitions();

    /// Begins to write: takes the partition's head before anything is read.
    WriteTransaction write(int partition);

    <T> T read(Function<ReadSnapshot, T> work);

    @Override
    void close();

    /// A store in memory that isolates readers and writers as a database does.
    static InMemoryLogStorage inMemory(List<Table> tables) {
        return new InMemoryLogStorage("memory", tables, step -> {});
    }
}
