package io.cairn.event;

import java.util.function.Function;

/// Another storage, which stays open when the log that stands on it is closed.
class LastingStorage implements LogStorage {
    private final LogStorage storage;

    LastingStorage(LogStorage storage) {
        this.storage = storage;
    }

    @Override
    public String epoch() {
        return storage.epoch();
    }

    @Override
    public int partitions() {
        return storage.partitions();
    }

    @Override
    public boolean shared() {
        return storage.shared();
    }

    @Override
    public WriteTransaction write(int partition) {
        return storage.write(partition);
    }

    @Override
    public WriteTransaction writeAll() {
        return storage.writeAll();
    }

    @Override
    public <T> T read(Function<ReadSnapshot, T> work) {
        return storage.read(work);
    }

    @Override
    public void close() {
        // its owner does
    }
}
