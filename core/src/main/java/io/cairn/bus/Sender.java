package io.cairn.bus;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Sends webhooks to other servers, and to none that they may not be sent to.
public interface Sender extends AutoCloseable {
    /// Why nothing may be sent to a target, as far as can be said now; empty if it may.
    ///
    /// What a name stands for can change, so each connection is checked once more.
    Optional<String> refusal(URI target);

    /// Sends once and waits for the answer, for as long as the request allows.
    Sent send(Request request);

    @Override
    void close();

    /// One attempt.
    ///
    /// @param timeMax for everything, from looking up the address to the last byte of the answer
    record Request(URI target, Map<String, String> headers, byte[] body, Duration timeMax) {
        public Request {
            headers = Map.copyOf(headers);
        }
    }

    /// What became of an attempt.
    sealed interface Sent {
        /// The other server answered.
        ///
        /// @param retryAfter how long it asks to be left alone
        /// @param excerpt the beginning of its answer, for whoever looks for a fault
        record Answered(int status, @Nullable Duration retryAfter, String excerpt) implements Sent {
            public boolean taken() {
                return status >= 200 && status < 300;
            }
        }

        /// There was no answer. Whether the other server has taken the webhook is unknown.
        record Failed(String why) implements Sent {}

        /// The target is one to which nothing may be sent; nothing was.
        record Forbidden(String why) implements Sent {}
    }
}
