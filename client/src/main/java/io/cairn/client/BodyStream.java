package io.cairn.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An answer's body that is read as it comes, and given up when nothing comes for too long.
///
/// The JDK's own stream waits for ever when the other side falls silent in the middle of an answer. Here at
/// most one chunk is asked for ahead of the reader, so a slow reader slows the sender instead of filling
/// memory.
final class BodyStream extends InputStream implements BodySubscriber<InputStream> {
    private sealed interface Signal {
        record Bytes(List<ByteBuffer> buffers) implements Signal {}

        record Broken(Throwable cause) implements Signal {}

        record Complete() implements Signal {}
    }

    private final Duration silenceAllowed;
    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final ArrayDeque<ByteBuffer> unread = new ArrayDeque<>();
    private volatile Flow.@Nullable Subscription subscription;
    private boolean complete;

    BodyStream(Duration silenceAllowed) {
        this.silenceAllowed = silenceAllowed;
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
        subscription = given;
        given.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        signals.add(new Signal.Bytes(buffers));
    }

    @Override
    public void onError(Throwable cause) {
        signals.add(new Signal.Broken(cause));
    }

    @Override
    public void onComplete() {
        signals.add(new Signal.Complete());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        ByteBuffer buffer = next();
        if (buffer == null) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(target, offset, count);
        return count;
    }

    private @Nullable ByteBuffer next() throws IOException {
        while (!complete) {
            ByteBuffer first = unread.peek();
            if (first == null) {
                accept(await());
            } else if (first.hasRemaining()) {
                return first;
            } else {
                unread.remove();
            }
        }
        return null;
    }

    private void accept(Signal signal) throws IOException {
        switch (signal) {
            case Signal.Bytes(List<ByteBuffer> buffers) -> {
                unread.addAll(buffers);
                if (subscription != null) {
                    subscription.request(1);
                }
            }
            case Signal.Broken(Throwable cause) -> throw new IOException(cause.getMessage(), cause);
            case Signal.Complete() -> complete = true;
        }
    }

    private Signal await() throws IOException {
        try {
            Signal signal = signals.poll(silenceAllowed.toMillis(), TimeUnit.MILLISECONDS);
            if (signal == null) {
                close();
                throw new HttpTimeoutException("nothing more came for " + silenceAllowed.toSeconds() + " s");
            }
            return signal;
        } catch (InterruptedException interrupted) {
            close();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading an answer");
        }
    }

    /// Whoever still reads is told, whichever thread closes.
    @Override
    public void close() {
        if (subscription != null) {
            subscription.cancel();
        }
        signals.add(new Signal.Broken(new IOException("the answer was given up")));
    }
}
