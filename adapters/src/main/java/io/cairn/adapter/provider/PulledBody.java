package io.cairn.adapter.provider;

import io.cairn.guard.Deadline;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The body of an answer, pulled piece by piece: no more is read from the connection than is asked for, each wait has a
/// limit, and closing it from any thread ends the exchange and every wait.
final class PulledBody implements BodySubscriber<PulledBody>, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PulledBody.class.getName());

    private static final Flow.Subscription CLOSED = new Flow.Subscription() {
        @Override
        public void request(long count) {
            // Nothing comes any more.
        }

        @Override
        public void cancel() {
            // It is cancelled.
        }
    };

    private sealed interface Signal {
        record Bytes(List<ByteBuffer> buffers) implements Signal {}

        record End() implements Signal {}

        record Failed(Throwable why) implements Signal {}
    }

    private final BlockingQueue<Signal> arrived = new LinkedBlockingQueue<>();
    private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();

    @Override
    public CompletionStage<PulledBody> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription begun) {
        if (subscription.compareAndSet(null, begun)) {
            begun.request(1);
        } else {
            begun.cancel();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        arrived.add(new Signal.Bytes(buffers));
    }

    @Override
    public void onError(Throwable why) {
        arrived.add(new Signal.Failed(why));
    }

    @Override
    public void onComplete() {
        arrived.add(new Signal.End());
    }

    /// @return none at the end
    /// @throws TimeoutException if nothing comes in time
    /// @throws IOException if the connection breaks, or the body was closed
    Optional<List<ByteBuffer>> next(Duration limit) throws IOException, TimeoutException, InterruptedException {
        var signal = arrived.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
        return switch (signal) {
            case null -> throw new TimeoutException();
            case Signal.Bytes(var buffers) -> {
                Objects.requireNonNull(subscription.get()).request(1);
                yield Optional.of(buffers);
            }
            case Signal.End end -> {
                arrived.add(end);
                yield Optional.empty();
            }
            case Signal.Failed failed -> {
                arrived.add(failed);
                throw new IOException(failed.why());
            }
        };
    }

    /// Reads on to the end, so that the connection can be used again. What does not end in time is left, and costs
    /// only the connection.
    void finish(Duration limit) {
        var deadline = Deadline.in(limit);
        try {
            boolean more = true;
            while (more && !deadline.isOver()) {
                more = next(deadline.left()).isPresent();
            }
        } catch (IOException | TimeoutException e) {
            LOG.log(System.Logger.Level.DEBUG, "A connection is not used again", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        var before = subscription.getAndSet(CLOSED);
        if (before != CLOSED) {
            if (before != null) {
                before.cancel();
            }
            arrived.add(new Signal.Failed(new IOException("The answer was given up")));
        }
    }
}
