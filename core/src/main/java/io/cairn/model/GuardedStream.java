package io.cairn.model;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/// A stream that holds its place at its provider until it is closed, and tells the provider's breaker how it went until
/// it began to speak.
final class GuardedStream implements ChatStream {
    private final ChatStream stream;
    private final ProviderGuard.Call call;
    private final Queue<ChatPiece> pulled = new ArrayDeque<>();

    GuardedStream(ChatStream stream, ProviderGuard.Call call) {
        this.stream = stream;
        this.call = call;
    }

    /// Waits for the first piece that says something, or the end. What came before is kept.
    void awaitContent() {
        try {
            var piece = stream.next();
            while (piece.isPresent()) {
                pulled.add(piece.get());
                if (piece.get().content()) {
                    break;
                }
                piece = stream.next();
            }
            call.succeeded();
        } catch (ModelException e) {
            call.failed(e);
            throw e;
        }
    }

    @Override
    public Optional<ChatPiece> next() {
        var kept = pulled.poll();
        return kept == null ? stream.next() : Optional.of(kept);
    }

    @Override
    public void close() {
        stream.close();
        call.close();
    }
}
