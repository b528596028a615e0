package io.cairn.batch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/// Work that is done in another thread, while the thread that began it does something else and then waits for it.
///
/// The threads are shared, and end when there is nothing to do. They are platform threads, since such work computes
/// for long and would keep a carrier thread from all other virtual threads. Nobody interrupts them, since an
/// interrupt would close the files of an index that is being written.
///
/// @param <X> what the work may throw
public final class Meanwhile<T, X extends Exception> {
    private static final Executor THREADS = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("cairn-meanwhile-", 0).daemon(true).factory());

    /// The work itself.
    @FunctionalInterface
    public interface Work<T, X extends Exception> {
        T get() throws X;
    }

    private final CompletableFuture<T> outcome = new CompletableFuture<>();

    private Meanwhile() {}

    public static <T, X extends Exception> Meanwhile<T, X> begin(Work<T, X> work) {
        var begun = new Meanwhile<T, X>();
        THREADS.execute(() -> begun.carryOut(work));
        return begun;
    }

    private void carryOut(Work<T, X> work) {
        try {
            outcome.complete(work.get());
        } catch (Throwable failure) {
            outcome.completeExceptionally(failure);
        }
    }

    /// Waits for the outcome, and throws what the work threw.
    public T outcome() throws X {
        try {
            return outcome.join();
        } catch (CompletionException e) {
            throw thrown(e);
        }
    }

    /// Waits until it is over, whatever came of it.
    public void end() {
        outcome.handle((done, failure) -> true).join();
    }

    /// A checked exception of the work can only be an `X`.
    @SuppressWarnings("unchecked")
    private X thrown(CompletionException e) {
        return switch (e.getCause()) {
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            case null -> throw e;
            default -> (X) e.getCause();
        };
    }
}
