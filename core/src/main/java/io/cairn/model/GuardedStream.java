package io.cairn.model;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/// A stream that has begun to speak, and holds its place at its provider until it is closed. What it takes is charged
/// when it is over.
final class GuardedStream implements ChatStream {
    private final ChatStream stream;
    private final ProviderGuard.Call call;
    private final ChatAccount account;
    private final Queue<ChatPiece> pulled = new ArrayDeque<>();

    private GuardedStream(ChatStream stream, ProviderGuard.Call call, ChatAccount account) {
        this.account = account;
        this.stream = stream;
        this.call = call;
    }

    /// Waits for the first piece that says something, or the end. What came before is kept.
    ///
    /// @param stream that is closed if it breaks off before
    static GuardedStream speaking(ChatStream stream, ProviderGuard.Call call, ChatAccount account) {
        boolean speaking = false;
        try {
            var guarded = new GuardedStream(stream, call, account);
            guarded.awaitContent();
            speaking = true;
            return guarded;
        } finally {
            if (!speaking) {
                stream.close();
            }
        }
    }

    private void awaitContent() {
        var piece = pull();
        while (piece.isPresent()) {
            pulled.add(piece.get());
            if (piece.get().content()) {
                return;
            }
            piece = pull();
        }
    }

    @Override
    public Optional<ChatPiece> next() {
        var kept = pulled.poll();
        return kept == null ? pull() : Optional.of(kept);
    }

    private Optional<ChatPiece> pull() {
        var piece = stream.next();
        piece.ifPresentOrElse(account::said, account::whole);
        return piece;
    }

    @Override
    public void close() {
        stream.close();
        account.brokenOff();
        call.close();
    }
}
