package io.cairn.model;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A streamed answer that several listeners follow, each at its own pace and from its beginning.
///
/// It is pulled as fast as the provider gives it and kept as a whole, so that a listener who is slow holds nobody up.
/// When the last listener leaves before the end, the provider's work ends, too.
public final class Reply {
    private final String id;
    private final String asked;
    private final String model;
    private final ChatStream stream;
    private final LongSupplier nanos;
    private final Runnable atEnd;
    private final long bytesMax;
    private final List<ChatPiece> pieces = new ArrayList<>();
    private long bytes;
    private int listeners;
    private boolean ended;
    private long endedAt;
    private @Nullable RuntimeException failure;

    /// @param atEnd is run once, when the provider has no more to do
    Reply(String id, String asked, String model, ChatStream stream, long bytesMax, LongSupplier nanos, Runnable atEnd) {
        this.nanos = nanos;
        this.id = id;
        this.asked = asked;
        this.model = model;
        this.stream = stream;
        this.bytesMax = bytesMax;
        this.atEnd = atEnd;
    }

    public String id() {
        return id;
    }

    /// The model that was asked for, in whose place another one may have answered.
    public String asked() {
        return asked;
    }

    /// Who gives it.
    public String model() {
        return model;
    }

    void start() {
        Thread.ofVirtual().name("model-reply").start(this::pull);
    }

    /// Whatever happens ends it, or its listeners would wait for ever.
    private void pull() {
        @Nullable
        RuntimeException why =
                ModelException.of("cairn", ModelException.Kind.TURNED_AWAY, "The reply was not taken in to its end");
        try {
            var piece = stream.next();
            while (piece.isPresent() && took(piece.get())) {
                piece = stream.next();
            }
            why = null;
        } catch (RuntimeException e) {
            why = e;
        } finally {
            end(why);
        }
    }

    /// Whether more is wanted.
    private synchronized boolean took(ChatPiece piece) {
        if (ended) {
            return false;
        }
        bytes += piece.data().getBytes(UTF_8).length;
        if (bytes > bytesMax) {
            throw ModelException.of(
                    "cairn",
                    ModelException.Kind.TURNED_AWAY,
                    "The reply is longer than the %d bytes that are kept of one (cairn.models.replies.bytes)"
                            .formatted(bytesMax));
        }
        pieces.add(piece);
        notifyAll();
        return true;
    }

    /// The first end counts.
    private void end(@Nullable RuntimeException why) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
            endedAt = nanos.getAsLong();
            failure = why;
            notifyAll();
        }
        try {
            stream.close();
        } finally {
            atEnd.run();
        }
    }

    /// Ends it for all listeners, and the provider's work.
    public void cancel() {
        end(ModelException.of("cairn", ModelException.Kind.GIVEN_UP, "The reply was cancelled"));
    }

    /// Follows it from its beginning. Closing the stream is leaving.
    public synchronized ChatStream listen() {
        listeners++;
        return new Listener();
    }

    private void left() {
        boolean abandoned;
        synchronized (this) {
            listeners--;
            abandoned = listeners == 0 && !ended;
        }
        if (abandoned) {
            end(ModelException.of("cairn", ModelException.Kind.GIVEN_UP, "All listeners had left"));
        }
    }

    private synchronized Optional<ChatPiece> at(int place) {
        try {
            while (place >= pieces.size() && !ended) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ModelException.of("cairn", ModelException.Kind.TURNED_AWAY, "The wait for the reply was given up", e);
        }
        if (place < pieces.size()) {
            return Optional.of(pieces.get(place));
        }
        if (failure != null) {
            throw failure;
        }
        return Optional.empty();
    }

    synchronized boolean isEnded() {
        return ended;
    }

    synchronized long endedAt() {
        return endedAt;
    }

    synchronized long bytes() {
        return bytes;
    }

    /// Where one listener is.
    private final class Listener implements ChatStream {
        private int place;
        private boolean gone;

        @Override
        public Optional<ChatPiece> next() {
            var piece = at(place);
            place++;
            return piece;
        }

        @Override
        public void close() {
            synchronized (this) {
                if (gone) {
                    return;
                }
                gone = true;
            }
            left();
        }
    }
}
