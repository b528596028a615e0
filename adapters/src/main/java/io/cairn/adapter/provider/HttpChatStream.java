package io.cairn.adapter.provider;

import io.cairn.model.ChatDeadlines;
import io.cairn.model.ChatPiece;
import io.cairn.model.ChatStream;
import io.cairn.model.ModelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// A streamed answer on its way over HTTP, within its limits of time.
final class HttpChatStream implements ChatStream {
    /// How long the end of the body is waited for after the last piece.
    private static final Duration END_MAX = Duration.ofMillis(100);

    private final ProviderHttp http;
    private final PulledBody body;
    private final PieceReader reader;
    private final ChatDeadlines deadlines;
    private final Queue<ChatPiece> pieces = new ArrayDeque<>();
    private boolean speaking;
    private boolean ended;
    private @Nullable ModelException failure;

    HttpChatStream(ProviderHttp http, PulledBody body, PieceReader reader, ChatDeadlines deadlines) {
        this.http = http;
        this.body = body;
        this.reader = reader;
        this.deadlines = deadlines;
    }

    @Override
    public Optional<ChatPiece> next() {
        while (pieces.isEmpty() && failure == null && !ended && !reader.isWhole()) {
            pull();
        }
        var next = Optional.ofNullable(pieces.poll());
        if (next.isEmpty() && failure != null) {
            throw failure;
        }
        if (next.isEmpty() && !reader.isWhole()) {
            throw http.brokeOff();
        }
        if (next.isEmpty()) {
            body.finish(END_MAX);
        }
        return next;
    }

    /// What was said before a failure may have come with it, and is given first.
    private void pull() {
        try {
            var bytes = http.next(body, limit());
            bytes.ifPresentOrElse(buffers -> buffers.forEach(buffer -> reader.take(buffer, this::came)), () -> {
                ended = true;
                reader.end(this::came);
            });
        } catch (LineSplitter.TooLongException e) {
            failure = http.garbled(String.valueOf(e.getMessage()));
        } catch (ModelException e) {
            failure = e;
        }
    }

    private void came(ChatPiece piece) {
        speaking |= piece.content();
        pieces.add(piece);
    }

    private Duration limit() {
        var total = deadlines.total().left();
        var left = speaking ? total : shorter(deadlines.firstToken().left(), total);
        return shorter(left, deadlines.idle());
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    @Override
    public void close() {
        body.close();
    }
}
