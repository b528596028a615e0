package io.cairn.batch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/// A piece of work that goes on in another thread while whoever began it does the next thing, and then waits for it.
///
/// The threads are shared and go when there is nothing to do. They are no virtual ones, which would keep a processor
/// from others for as long as the work takes, and nobody interrupts them, since an interrupt would close files under
/// an index that is being written.
///
/// @param <X> what the work may throw
public final class Meanwhile<T, X extends Exception> {
    private static final Executor THREADS = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("cairn-meanwhile-", 0).daemon(true).factory());

    /// What is done.
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

    /// Besides `X` the work can only have thrown what is unchecked.
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
