package io.cairn.adapter.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/// Divides bytes into lines, wherever the bytes are cut. A line ends with LF, CR or both.
///
/// Lines are divided before they are decoded, so that no character is torn.
final class LineSplitter {
    private final int bytesMax;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean afterReturn;
    private boolean first = true;

    /// @param bytesMax of one line
    LineSplitter(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// @throws TooLongException if a line is longer than is allowed
    void take(ByteBuffer bytes, Consumer<String> lines) {
        while (bytes.hasRemaining()) {
            byte letter = bytes.get();
            if (letter == '\n' && afterReturn) {
                afterReturn = false;
            } else if (letter == '\n' || letter == '\r') {
                afterReturn = letter == '\r';
                lines.accept(taken());
            } else {
                afterReturn = false;
                if (line.size() >= bytesMax) {
                    throw new TooLongException(bytesMax);
                }
                line.write(letter);
            }
        }
    }

    /// There are no more bytes: what is left is a line, too.
    void end(Consumer<String> lines) {
        if (line.size() > 0) {
            lines.accept(taken());
        }
    }

    private String taken() {
        var text = line.toString(UTF_8);
        line.reset();
        boolean marked = first && text.startsWith("\uFEFF");
        first = false;
        return marked ? text.substring(1) : text;
    }

    /// A line or an event is longer than is allowed.
    static final class TooLongException extends RuntimeException {
        TooLongException(int bytesMax) {
            super("it sent a line or an event of more than %d bytes".formatted(bytesMax));
        }
    }
}
