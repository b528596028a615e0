package io.cairn.server.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.model.ChatPiece;
import io.cairn.model.ChatStream;
import io.cairn.model.ModelException;
import io.cairn.server.http.Connections;
import io.cairn.server.http.Json;
import io.cairn.server.http.OpenAiError;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;

/// Passes the pieces of an answer on as they come, with a sign of life where none come, until its end or until the
/// client is gone. A failure in the midst of it is an event.
///
/// One thread pulls and another writes. Between them wait few pieces, so that a client that reads slowly holds the
/// provider back and not the memory.
final class Relay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(15);
    private static final int WAITING_MAX = 64;
    private static final ModelException STOPPING =
            ModelException.of("cairn", ModelException.Kind.AWAY, "The server is being stopped");

    private sealed interface Signal {
        record Piece(ChatPiece piece) implements Signal {}

        record End() implements Signal {}

        record Failed(RuntimeException why) implements Signal {}
    }

    private final ChatStream stream;
    private final Connections.Client client;
    private final HttpServletResponse response;
    private final boolean usage;
    private final String correlation;
    private final BlockingQueue<Signal> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final Thread pulling = Thread.ofVirtual().name("model-stream").unstarted(this::pull);

    /// @param usage whether the client wants the piece that tells the usage
    Relay(
            ChatStream stream,
            Connections.Client client,
            HttpServletResponse response,
            boolean usage,
            String correlation) {
        this.stream = stream;
        this.client = client;
        this.response = response;
        this.usage = usage;
        this.correlation = correlation;
    }

    private void pull() {
        try {
            var piece = stream.next();
            while (piece.isPresent()) {
                waiting.put(new Signal.Piece(piece.get()));
                piece = stream.next();
            }
            waiting.put(new Signal.End());
        } catch (RuntimeException e) {
            tell(e);
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(RuntimeException failure) {
        try {
            waiting.put(new Signal.Failed(failure));
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /// @param goesOn whether answers may go on
    void run(BooleanSupplier goesOn) throws IOException {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding(UTF_8.name());
        response.setHeader("X-Accel-Buffering", "no");
        pulling.start();
        var out = response.getOutputStream();
        var quiet = Duration.ZERO;
        while (true) {
            var signal = goesOn.getAsBoolean() ? next() : Optional.<Signal>of(new Signal.Failed(STOPPING));
            if (signal.isEmpty()) {
                quiet = quiet.plus(Attended.LOOK_EVERY);
                if (client.isGone()) {
                    throw new Attended.ClientGoneException();
                }
                if (quiet.compareTo(SIGN_OF_LIFE) >= 0) {
                    quiet = Duration.ZERO;
                    write(out, ": still here\n\n");
                }
            } else if (!passedOn(out, signal.get())) {
                return;
            } else {
                quiet = Duration.ZERO;
            }
        }
    }

    private Optional<Signal> next() {
        try {
            return Optional.ofNullable(waiting.poll(Attended.LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Attended.ClientGoneException();
        }
    }

    /// Whether more is to come.
    private boolean passedOn(OutputStream out, Signal signal) throws IOException {
        switch (signal) {
            case Signal.Piece(var piece) -> {
                if (usage || !piece.usageOnly()) {
                    write(out, event(piece.data()));
                }
                return true;
            }
            case Signal.End end -> write(out, "data: [DONE]\n\n");
            case Signal.Failed(ModelException why) -> {
                if (why.kind() != ModelException.Kind.GIVEN_UP) {
                    LOG.warn("A streamed answer broke off: {}", why.getMessage());
                }
                write(out, event(Json.mapper().writeValueAsString(OpenAiError.of(ModelTroubles.of(why), correlation))));
            }
            case Signal.Failed(var bug) -> throw bug;
        }
        return false;
    }

    private static String event(String data) {
        return "data: " + data.replace("\n", "\ndata: ") + "\n\n";
    }

    private static void write(OutputStream out, String text) throws IOException {
        try {
            out.write(text.getBytes(UTF_8));
            out.flush();
        } catch (IOException gone) {
            throw new Attended.ClientGoneException();
        }
    }

    /// Ends the provider's work, and the thread that pulls.
    @Override
    public void close() {
        stream.close();
        pulling.interrupt();
    }
}
