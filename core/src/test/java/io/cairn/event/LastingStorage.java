package io.cairn.event;

/// Another storage, which stays open when the log that stands on it is closed.
public class LastingStorage implements ForwardingStorage {
    private final LogStorage storage;

    public LastingStorage(LogStorage storage) {
        this.storage = storage;
    }

    @Override
    public LogStorage storage() {
        return storage;
    }

    @Override
    public void close() {
        // its owner does
    }
}
