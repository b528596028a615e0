package io.cairn.client;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The messages of one answer of type `text/event-stream`, as the HTML standard has them.
final class ServerSentEvents implements AutoCloseable {
    private final InputStream body;
    private final BufferedReader lines;
    private @Nullable String id;

    /// @param id where the stream is
    /// @param data null if the message says no more than that
    record Message(@Nullable String id, @Nullable String data) {}

    ServerSentEvents(InputStream body, @Nullable String lastId) {
        this.body = body;
        this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        this.id = lastId;
    }

    /// The next whole message; what a broken connection cut off is none.
    Message next() throws IOException {
        @Nullable StringBuilder data = null;
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            int colon = line.indexOf(':');
            var field = colon < 0 ? line : line.substring(0, colon);
            var value = colon < 0 ? "" : line.substring(line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
            if (line.isEmpty()) {
                return new Message(id, data == null ? null : data.toString());
            } else if (field.equals("id")) {
                id = value;
            } else if (field.equals("data")) {
                data = data == null ? new StringBuilder() : data.append('\n');
                data.append(value);
            }
        }
        throw new EOFException("the live tail ended");
    }

    @Override
    public void close() {
        try {
            body.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
