package io.cairn.model;

import java.util.Optional;

/// An answer that is still being given; its pieces are pulled.
public interface ChatStream extends AutoCloseable {
    /// Waits for the next piece, as long as the limits allow.
    ///
    /// @return none at the end of a whole answer
    /// @throws ModelException if it breaks off or takes too long
    Optional<ChatPiece> next();

    /// Ends the answer, wherever it is, and what the provider does for it. Any thread may.
    @Override
    void close();
}
