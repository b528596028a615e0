package io.cairn.model;

import io.cairn.guard.Deadline;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// A stream that has begun to speak, and holds its place at its provider until it is closed. What it takes is charged
/// when it is over, and how it ended is told to the provider's guard.
final class GuardedStream implements ChatStream {
    private final ChatStream stream;
    private final ProviderGuard.Call call;
    private final ChatAccount account;
    private final Deadline total;
    private final Consumer<String> outcome;
    private final Queue<ChatPiece> pulled = new ArrayDeque<>();
    private final AtomicBoolean over = new AtomicBoolean();

    private GuardedStream(
            ChatStream stream, ProviderGuard.Call call, ChatAccount account, Deadline total, Consumer<String> outcome) {
        this.account = account;
        this.stream = stream;
        this.call = call;
        this.total = total;
        this.outcome = outcome;
    }

    /// Waits for the first piece that says something, or the end. What came before is kept.
    ///
    /// @param stream that is closed if it breaks off before
    /// @param total until when it may speak
    /// @param outcome is told once how a stream that had begun to speak ended
    static GuardedStream speaking(
            ChatStream stream, ProviderGuard.Call call, ChatAccount account, Deadline total, Consumer<String> outcome) {
        boolean speaking = false;
        try {
            var guarded = new GuardedStream(stream, call, account, total, outcome);
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
        return kept == null ? told() : Optional.of(kept);
    }

    private Optional<ChatPiece> told() {
        try {
            var piece = pull();
            if (piece.isEmpty() && ends()) {
                call.succeeded();
                outcome.accept("ok");
            }
            return piece;
        } catch (RuntimeException e) {
            if (ends()) {
                brokeOff(e);
            }
            throw e;
        }
    }

    /// A provider that spoke for as long as it may is not away.
    private void brokeOff(RuntimeException failure) {
        if (!total.isOver()) {
            call.brokeOff(failure);
        }
        outcome.accept(failure instanceof ModelException model ? model.kind().outcome() : "failed");
    }

    private boolean ends() {
        return over.compareAndSet(false, true);
    }

    private Optional<ChatPiece> pull() {
        var piece = stream.next();
        piece.ifPresentOrElse(account::said, account::whole);
        return piece;
    }

    /// That the stream fails because it is closed is nobody's failure.
    @Override
    public void close() {
        if (ends()) {
            outcome.accept(ModelException.Kind.GIVEN_UP.outcome());
        }
        stream.close();
        account.brokenOff();
        call.close();
    }
}
