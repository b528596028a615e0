package io.cairn.server;

import io.cairn.event.ForwardingStorage;
import io.cairn.event.ForwardingTransaction;
import io.cairn.event.Head;
import io.cairn.event.LogStorage;
import io.cairn.event.StorageException;
import io.cairn.event.StorageOperation;
import io.cairn.event.WriteTransaction;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// A real storage that fails where it is told to, until it is told not to.
public final class FaultyStorage implements ForwardingStorage {
    /// A step at which a storage can fail.
    public enum Step {
        BEGIN,
        INSERT,
        /// Before anything was committed.
        COMMIT,
        /// After everything was committed.
        COMMITTED,
        /// Beginning again after a commit that failed, to ask what became of it.
        ASKED,
        READ
    }

    private final LogStorage storage;
    private final ConcurrentHashMap<Step, StorageException.Kind> faults = new ConcurrentHashMap<>();
    private volatile boolean inDoubt;

    public FaultyStorage(LogStorage storage) {
        this.storage = storage;
    }

    public void fail(Step step, StorageException.Kind kind) {
        faults.put(step, kind);
    }

    public void heal() {
        faults.clear();
        inDoubt = false;
    }

    private void at(Step step) {
        var kind = faults.get(step);
        if (kind != null) {
            throw new StorageException(kind, "The test lets it fail", new IOException("made up"));
        }
    }

    @Override
    public LogStorage storage() {
        return storage;
    }

    @Override
    public <T> T around(StorageOperation operation, Supplier<T> work) {
        switch (operation) {
            case READ -> at(Step.READ);
            case BEGIN -> {
                at(Step.BEGIN);
                if (inDoubt) {
                    at(Step.ASKED);
                }
            }
            case INSERT -> at(Step.INSERT);
            case ASK, CHANGE, COMMIT, END -> {}
        }
        return work.get();
    }

    @Override
    public WriteTransaction begun(WriteTransaction transaction) {
        return new Faulty(transaction);
    }

    private final class Faulty implements ForwardingTransaction {
        private final WriteTransaction transaction;

        Faulty(WriteTransaction transaction) {
            this.transaction = transaction;
        }

        @Override
        public WriteTransaction transaction() {
            return transaction;
        }

        @Override
        public <T> T around(StorageOperation operation, Supplier<T> work) {
            return FaultyStorage.this.around(operation, work);
        }

        @Override
        public void commit(Head head) {
            inDoubt = true;
            at(Step.COMMIT);
            transaction.commit(head);
            at(Step.COMMITTED);
            inDoubt = false;
        }
    }
}
