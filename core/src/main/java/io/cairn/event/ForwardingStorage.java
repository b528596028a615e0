package io.cairn.event;

import java.util.function.Function;
import java.util.function.Supplier;

/// A storage in front of another: it passes on what it is asked, and its maker says only what is different.
///
/// Whatever stands between the engine and its storage is one of these: what meters, what breaks a circuit, what lets a
/// test fail. They stand one in front of another, in the order in which the wiring puts them.
public interface ForwardingStorage extends LogStorage {
    LogStorage storage();

    /// Stands around every read as a whole, and around the beginning of every transaction.
    default <T> T around(StorageOperation operation, Supplier<T> work) {
        return work.get();
    }

    /// What the engine is given for a transaction that has begun.
    default WriteTransaction begun(WriteTransaction transaction) {
        return transaction;
    }

    /// What a reader is given for a snapshot.
    default ReadSnapshot seen(ReadSnapshot snapshot) {
        return snapshot;
    }

    @Override
    default String epoch() {
        return storage().epoch();
    }

    @Override
    default int partitions() {
        return storage().partitions();
    }

    @Override
    default boolean shared() {
        return storage().shared();
    }

    @Override
    default WriteTransaction write(int partition, Supplier<ReadSet> foreseen) {
        return begun(around(StorageOperation.BEGIN, () -> storage().write(partition, foreseen)));
    }

    /// Calls the other `write`, so that a subclass overrides only that one.
    @Override
    default WriteTransaction write(int partition) {
        return write(partition, ReadSet::none);
    }

    @Override
    default boolean presumes() {
        return storage().presumes();
    }

    @Override
    default WriteTransaction writeFrom(Head presumed) {
        return begun(around(StorageOperation.BEGIN, () -> storage().writeFrom(presumed)));
    }

    @Override
    default WriteTransaction writeAll() {
        return begun(around(StorageOperation.BEGIN, () -> storage().writeAll()));
    }

    @Override
    default <T> T read(Function<ReadSnapshot, T> work) {
        return around(StorageOperation.READ, () -> storage().read(snapshot -> work.apply(seen(snapshot))));
    }

    @Override
    default <T, X extends Exception> T operation(Supplier<String> name, int items, Operation<T, X> work) throws X {
        return storage().operation(name, items, work);
    }

    @Override
    default void close() {
        storage().close();
    }
}
