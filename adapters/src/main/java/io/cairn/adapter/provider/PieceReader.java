package io.cairn.adapter.provider;

import io.cairn.model.ChatPiece;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// Makes pieces of an answer out of the bytes of one provider's dialect, wherever the bytes are cut.
interface PieceReader {
    void take(ByteBuffer bytes, Consumer<ChatPiece> pieces);

    /// There are no more bytes.
    void end(Consumer<ChatPiece> pieces);

    /// Whether the answer has come to its own end, and not only to the end of the bytes.
    boolean isWhole();
}
