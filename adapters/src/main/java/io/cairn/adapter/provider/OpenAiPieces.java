package io.cairn.adapter.provider;

import io.cairn.model.ChatPiece;
import io.cairn.model.Usage;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// OpenAI's stream: each event's data is a piece as it stands, so that nothing of it is lost.
final class OpenAiPieces implements PieceReader {
    private final ProviderHttp http;
    private final EventParser events = new EventParser();
    private boolean done;
    private boolean finished;

    OpenAiPieces(ProviderHttp http) {
        this.http = http;
    }

    @Override
    public void take(ByteBuffer bytes, Consumer<ChatPiece> pieces) {
        events.take(bytes, data -> event(data, pieces));
    }

    @Override
    public void end(Consumer<ChatPiece> pieces) {
        events.end(data -> event(data, pieces));
        // Some servers leave `[DONE]` out.
        done |= finished;
    }

    @Override
    public boolean isWhole() {
        return done;
    }

    private void event(String data, Consumer<ChatPiece> pieces) {
        if (done || data.isBlank()) {
            return;
        }
        if (data.strip().equals("[DONE]")) {
            done = true;
            return;
        }
        var json = http.json(data);
        if (json.hasNonNull("error")) {
            throw http.errors().inStream(json.path("error"));
        }
        var choices = json.path("choices");
        finished |= choices.valueStream().anyMatch(choice -> choice.hasNonNull("finish_reason"));
        var usage = usage(json.path("usage"));
        pieces.accept(new ChatPiece(
                data,
                choices.valueStream().anyMatch(OpenAiPieces::says),
                usage,
                usage.isPresent() && choices.isEmpty()));
    }

    /// Who speaks, an empty text and a sign of life say nothing; a part of a tool's call and a thought do.
    private static boolean says(JsonNode choice) {
        return choice.hasNonNull("finish_reason")
                || choice.path("delta").properties().stream()
                        .anyMatch(part -> !part.getKey().equals("role") && !isEmpty(part.getValue()));
    }

    private static boolean isEmpty(JsonNode value) {
        return value.isNull() || (value.isString() ? value.asString().isEmpty() : value.isEmpty());
    }

    static Optional<Usage> usage(JsonNode usage) {
        if (!usage.path("prompt_tokens").isIntegralNumber()) {
            return Optional.empty();
        }
        return Optional.of(new Usage(
                Math.max(0, usage.path("prompt_tokens").asLong()),
                Math.max(0, usage.path("completion_tokens").asLong(0)),
                false,
                Math.max(0, usage.at("/prompt_tokens_details/cached_tokens").asLong(0))));
    }
}
