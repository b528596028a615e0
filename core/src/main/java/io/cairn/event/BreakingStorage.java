package io.cairn.event;

import io.cairn.guard.Breaker;
import java.util.function.Supplier;

/// A storage behind a [Breaker]: reads count one by one, a writing transaction counts as a whole.
public final class BreakingStorage implements ForwardingStorage {
    private final LogStorage storage;
    private final Breaker breaker;

    public BreakingStorage(LogStorage storage, Breaker breaker) {
        this.storage = storage;
        this.breaker = breaker;
    }

    @Override
    public LogStorage storage() {
        return storage;
    }

    @Override
    public <T> T around(StorageOperation operation, Supplier<T> work) {
        return breaker.ask(work);
    }

    @Override
    public WriteTransaction write(int partition, Supplier<ReadSet> foreseen) {
        return begun(() -> storage.write(partition, foreseen));
    }

    @Override
    public WriteTransaction writeFrom(Head presumed) {
        return begun(() -> storage.writeFrom(presumed));
    }

    @Override
    public WriteTransaction writeAll() {
        return begun(storage::writeAll);
    }

    private WriteTransaction begun(Supplier<WriteTransaction> begin) {
        var pass = breaker.enter();
        try {
            return new Breaking(begin.get(), pass);
        } catch (StorageException e) {
            pass.tell(e);
            throw e;
        } catch (RuntimeException | Error e) {
            pass.left();
            throw e;
        }
    }

    private static final class Breaking implements ForwardingTransaction {
        private final WriteTransaction transaction;
        private final Breaker.Pass pass;

        Breaking(WriteTransaction transaction, Breaker.Pass pass) {
            this.transaction = transaction;
            this.pass = pass;
        }

        @Override
        public WriteTransaction transaction() {
            return transaction;
        }

        @Override
        public <T> T around(StorageOperation operation, Supplier<T> work) {
            try {
                return work.get();
            } catch (StorageException e) {
                pass.tell(e);
                throw e;
            }
        }

        @Override
        public void commit(Head head) {
            ForwardingTransaction.super.commit(head);
            pass.succeeded();
        }

        /// It began, so the store answered, whatever was written.
        @Override
        public void close() {
            try {
                ForwardingTransaction.super.close();
                pass.succeeded();
            } finally {
                pass.left();
            }
        }
    }
}
