package io.cairn.server.rest;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/// Does some pieces of work at the same time and hands over their results in the order in which they were given.
///
/// @param <T> a result
final class InOrder<T> implements AutoCloseable {
    private static final int AT_ONCE_MAX = 8;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Deque<Future<T>> running = new ArrayDeque<>();
    private final Consumer<T> results;

    InOrder(Consumer<T> results) {
        this.results = results;
    }

    /// Begins one more piece; waits for the oldest if enough are under way.
    void add(Callable<T> work) {
        if (running.size() == AT_ONCE_MAX) {
            take();
        }
        running.add(threads.submit(work));
    }

    /// Waits for all that was begun.
    void finish() {
        while (!running.isEmpty()) {
            take();
        }
    }

    private void take() {
        results.accept(result(running.remove()));
    }

    private static <T> T result(Future<T> work) {
        try {
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while documents were taken in", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new IllegalStateException("A document was not taken in", e.getCause());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }
}
