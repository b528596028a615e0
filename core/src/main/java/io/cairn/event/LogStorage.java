package io.cairn.event;

import io.cairn.row.Table;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

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
    ///
    /// @param foreseen what the transaction is going to ask, so that a store far away can look it up at once;
    ///     a store at hand does not even ask for the questions
    WriteTransaction write(int partition, Supplier<ReadSet> foreseen);

    /// Begins to write, without knowing what will be asked.
    default WriteTransaction write(int partition) {
        return write(partition, ReadSet::none);
    }

    /// Whether it is worth a trip to the store to [presume a head][#writeFrom]; at a store at hand it is as quickly
    /// taken.
    default boolean presumes() {
        return false;
    }

    /// Begins to write as if the partition's head were still this one, on a store that [presumes][#presumes()].
    ///
    /// The transaction's commit finds out, or whatever has to ask the store before. If the head is another
    /// one, or the store has an event of the same id, it fails with an [OvertakenException].
    default WriteTransaction writeFrom(Head presumed) {
        throw new UnsupportedOperationException("This store takes heads and presumes none");
    }

    /// Begins to write everywhere: takes the heads of all partitions, in their order, before anything is
    /// read. It holds every writer up, so it is over soon.
    WriteTransaction writeAll();

    <T> T read(Function<ReadSnapshot, T> work);

    /// Carries out one operation in this thread, such as a request or a step of a projection, for a storage that counts
    /// what each asks of it.
    ///
    /// @param name asked for only where there is something to say about it
    /// @param items that the operation works on: each may ask as much as an operation with one
    default <T, X extends Exception> T operation(Supplier<String> name, int items, Operation<T, X> work) throws X {
        return work.run();
    }

    /// What an operation does.
    @FunctionalInterface
    interface Operation<T, X extends Exception> {
        T run() throws X;
    }

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
