package io.cairn.server.openai;

import io.cairn.memory.NewMessage;
import io.cairn.model.ChatPiece;
import io.cairn.model.ChatStream;
import io.cairn.model.ModelException;
import java.util.Optional;

/// A streamed answer that is remembered when it has ended, whichever way.
final class RememberedStream implements ChatStream {
    private final ChatStream stream;
    private final Ending ending;
    private final StringBuilder said = new StringBuilder();
    private boolean ended;

    /// Is told once what was said.
    @FunctionalInterface
    interface Ending {
        /// @param cut whether there was more to come
        void ended(String text, boolean cut);
    }

    RememberedStream(ChatStream stream, Ending ending) {
        this.stream = stream;
        this.ending = ending;
    }

    @Override
    public Optional<ChatPiece> next() {
        try {
            var piece = stream.next();
            piece.ifPresentOrElse(this::came, () -> ended(false));
            return piece;
        } catch (ModelException e) {
            ended(true);
            throw e;
        }
    }

    /// What is too long for a message is too long with one letter more as well.
    private synchronized void came(ChatPiece piece) {
        if (said.length() <= NewMessage.CONTENT_LENGTH_MAX) {
            said.append(ChatLines.piece(piece.data()));
        }
    }

    private synchronized void ended(boolean cut) {
        if (!ended) {
            ended = true;
            ending.ended(said.toString(), cut);
        }
    }

    /// Waits for what is being remembered: whoever closes the stream may interrupt the thread that does it.
    @Override
    public void close() {
        boolean cut;
        synchronized (this) {
            cut = !ended;
            ended = true;
        }
        stream.close();
        if (cut) {
            ending.ended(said(), true);
        }
    }

    private synchronized String said() {
        return said.toString();
    }
}
