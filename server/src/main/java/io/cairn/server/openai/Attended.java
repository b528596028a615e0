package io.cairn.server.openai;

import io.cairn.server.http.Connections;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Work that is given up as soon as the client who wants it is gone.
final class Attended {
    /// How late it is noticed.
    static final Duration LOOK_EVERY = Duration.ofMillis(100);

    private Attended() {}

    /// Does the work in another thread, which is interrupted if the client goes.
    static <T> T work(Connections.Client client, Callable<T> work) {
        var task = new FutureTask<>(work);
        Thread.ofVirtual().name("model-call").start(task);
        try {
            while (true) {
                try {
                    return task.get(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                } catch (TimeoutException stillAtWork) {
                    if (client.isGone()) {
                        throw new ClientGoneException();
                    }
                }
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientGoneException();
        } finally {
            task.cancel(true);
        }
    }

    /// Takes something, as [#work], which is given back if the client goes before anybody holds it.
    ///
    /// @param giveBack may be called twice
    static <T> T take(Connections.Client client, Callable<T> work, Consumer<T> giveBack) {
        var begun = new AtomicReference<@Nullable T>();
        boolean held = false;
        try {
            T result = work(client, () -> {
                T taken = work.call();
                begun.set(taken);
                if (Thread.currentThread().isInterrupted()) {
                    giveBack.accept(taken);
                }
                return taken;
            });
            held = true;
            return result;
        } finally {
            var left = begun.get();
            if (!held && left != null) {
                giveBack.accept(left);
            }
        }
    }

    /// There is nobody to answer.
    static final class ClientGoneException extends RuntimeException {
        ClientGoneException() {
            super("The client is gone", null, false, false);
        }
    }
}
