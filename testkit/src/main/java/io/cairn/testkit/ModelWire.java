package io.cairn.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One connection of a [ModelServer]: HTTP/1.1, each piece of an answer as a chunk of its own.
final class ModelWire {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    ModelWire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    /// The next request; none if the client has closed the connection.
    Optional<ModelRequest> read() throws IOException {
        socket.setSoTimeout(0);
        var first = line();
        if (first == null) {
            return Optional.empty();
        }
        var headers = headers();
        var body = headers.containsKey("transfer-encoding") ? chunks() : counted(headers);
        var words = first.split(" ");
        return Optional.of(new ModelRequest(words[0], words[1], headers, body, new CompletableFuture<>()));
    }

    private Map<String, String> headers() throws IOException {
        var headers = new HashMap<String, String>();
        for (var line = line(); line != null && !line.isEmpty(); line = line()) {
            var colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    private String counted(Map<String, String> headers) throws IOException {
        return new String(in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0"))), UTF_8);
    }

    private String chunks() throws IOException {
        var body = new StringBuilder();
        while (true) {
            int length = Integer.parseInt(required(), 16);
            body.append(new String(in.readNBytes(length), UTF_8));
            required();
            if (length == 0) {
                return body.toString();
            }
        }
    }

    private String required() throws IOException {
        var line = line();
        if (line == null) {
            throw new EOFException("The client went away in the midst of a request");
        }
        return line;
    }

    private @Nullable String line() throws IOException {
        var line = new StringBuilder();
        for (int letter = in.read(); letter != '\n'; letter = in.read()) {
            if (letter < 0) {
                return null;
            }
            if (letter != '\r') {
                line.append((char) letter);
            }
        }
        return line.toString();
    }

    ModelRequest.End write(ModelReply reply, ModelDialect.Answer answer) throws IOException {
        if (gone(reply.before())) {
            return ModelRequest.End.CLIENT_GONE;
        }
        write(head(reply, answer));
        var body = answer.body().getBytes(UTF_8);
        int end = Math.min(body.length, reply.cutAfter().orElse(body.length));
        for (int from = 0; from < end; ) {
            int length = Math.min(reply.piece(), end - from);
            write(Integer.toHexString(length) + "\r\n");
            out.write(body, from, length);
            write("\r\n");
            from += length;
            if (from < end && gone(reply.pause())) {
                return ModelRequest.End.CLIENT_GONE;
            }
        }
        if (reply.cutAfter().isPresent()) {
            return ModelRequest.End.CUT;
        }
        write("0\r\n\r\n");
        return ModelRequest.End.ANSWERED;
    }

    private static String head(ModelReply reply, ModelDialect.Answer answer) {
        var head = new StringBuilder();
        int status = reply.status() == 200 ? answer.status() : reply.status();
        head.append("HTTP/1.1 ").append(status).append(" X\r\nTransfer-Encoding: chunked\r\n");
        if (!reply.headers().containsKey("Content-Type")) {
            head.append("Content-Type: ").append(answer.type()).append("\r\n");
        }
        reply.headers()
                .forEach((name, value) ->
                        head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString();
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(ISO_8859_1));
        out.flush();
    }

    /// Waits by listening to the client, who has nothing to say, so that its going away is noticed at once.
    private boolean gone(Duration wait) throws IOException {
        if (wait.isZero()) {
            return false;
        }
        socket.setSoTimeout(Math.toIntExact(Math.max(1, wait.toMillis())));
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException stillThere) {
            return false;
        }
    }
}
