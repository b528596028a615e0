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

    /// Whether others than this process may append to it, so that heads move without its doing.
    default boolean shared() {
        return false;
    }

    /// Begins to write: takes the partition's head before anything is read.
    WriteTransaction write(int partition);

    /// Begins to write everywhere: takes the heads of all partitions, in their order, before anything is
    /// read. It holds every writer up, so it is over soon.
    WriteTransaction writeAll();

    <T> T read(Function<ReadSnapshot, T> work);

    @Override
    void close();

    /// A store in memory that isolates readers and writers as a database does.
    static InMemoryLogStorage inMemory(List<Table> tables) {
        return inMemory(tables, 1);
    }

    /// A store in memory with several partitions, each with a writing transaction of its own.
    static InMemoryLogStorage inMemory(List<Table> tables, int partitions) {
        return new InMemoryLogStorage("memory", tables, partitions, step -> {});
    }
}
