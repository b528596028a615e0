package io.cairn.testkit;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// How a [ModelServer] answers one request: well, or in one of the ways in which providers fail.
///
/// ```java
/// server.then(
///         ModelReply.status(429, "{}").header("Retry-After", "1"),
///         ModelReply.well().in(1, Duration.ofMillis(5)),
///         ModelReply.well().cutAfter(40));
/// ```
///
/// @param body that takes the place of a good one
/// @param before how long the server waits before it says anything
/// @param piece bytes that are sent at a time
/// @param pause between two pieces
/// @param cutAfter bytes of the body after which the connection breaks
public record ModelReply(
        int status,
        Map<String, String> headers,
        @Nullable String body,
        Duration before,
        int piece,
        Duration pause,
        OptionalInt cutAfter) {
    private static final Duration FOR_EVER = Duration.ofDays(1);
    private static final ModelReply WELL =
            new ModelReply(200, Map.of(), null, Duration.ZERO, Integer.MAX_VALUE, Duration.ZERO, OptionalInt.empty());

    public ModelReply {
        headers = Map.copyOf(headers);
        if (piece < 1) {
            throw new IllegalArgumentException("A piece has one byte or more; found " + piece);
        }
    }

    /// What was asked for.
    public static ModelReply well() {
        return WELL;
    }

    /// Nothing, until the client goes away.
    public static ModelReply never() {
        return WELL.after(FOR_EVER);
    }

    /// A failure.
    public static ModelReply status(int status, String body) {
        return new ModelReply(
                status, Map.of(), body, Duration.ZERO, Integer.MAX_VALUE, Duration.ZERO, OptionalInt.empty());
    }

    /// These bytes in place of a good answer, with status 200.
    public static ModelReply text(String body) {
        return status(200, body);
    }

    public ModelReply header(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new ModelReply(status, more, body, before, piece, pause, cutAfter);
    }

    /// Waits first.
    public ModelReply after(Duration wait) {
        return new ModelReply(status, headers, body, wait, piece, pause, cutAfter);
    }

    /// Sends so many bytes at a time, with a pause after each.
    public ModelReply in(int bytes, Duration rest) {
        return new ModelReply(status, headers, body, before, bytes, rest, cutAfter);
    }

    /// Breaks the connection in the midst of the body.
    public ModelReply cutAfter(int bytes) {
        return new ModelReply(status, headers, body, before, piece, pause, OptionalInt.of(bytes));
    }
}
