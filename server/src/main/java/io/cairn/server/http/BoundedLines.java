package io.cairn.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// The lines of a body, each as its bytes; of one that is too long only that it was.
public final class BoundedLines implements AutoCloseable {
    private final InputStream body;
    private final long bytesMax;

    public BoundedLines(InputStream body, long bytesMax) {
        this.body = new BufferedInputStream(body, 1 << 16);
        this.bytesMax = bytesMax;
    }

    /// A line.
    public static final class Line {
        private final byte[] bytes;
        private final boolean tooLong;

        private Line(byte[] bytes, boolean tooLong) {
            this.bytes = bytes;
            this.tooLong = tooLong;
        }

        public byte[] bytes() {
            return bytes.clone();
        }

        public String text() {
            return new String(bytes, UTF_8);
        }

        public boolean tooLong() {
            return tooLong;
        }

        /// Whether it begins as UTF-8 cannot.
        public boolean otherEncoding() {
            for (int i = 0; i < Math.min(2, bytes.length); i++) {
                if (OneReading.isOtherUnicode(bytes[i] & 0xFF)) {
                    return true;
                }
            }
            return false;
        }

        public boolean isBlank() {
            for (byte letter : bytes) {
                if (letter > ' ' || letter < 0) {
                    return false;
                }
            }
            return !tooLong;
        }
    }

    /// The next line, or nothing at the end.
    public @Nullable Line next() throws IOException {
        var bytes = new ByteArrayOutputStream();
        long length = 0;
        int letter = body.read();
        if (letter < 0) {
            return null;
        }
        for (; letter >= 0 && letter != '\n'; letter = body.read()) {
            length++;
            if (length <= bytesMax) {
                bytes.write(letter);
            }
        }
        return length > bytesMax ? new Line(new byte[0], true) : new Line(bytes.toByteArray(), false);
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
