package io.cairn.adapter.provider;

import io.cairn.model.ChatPiece;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.function.Consumer;

/// Ollama's lines of JSON as pieces in OpenAI's form.
final class OllamaPieces implements PieceReader {
    private final ProviderHttp http;
    private final InstantSource clock;
    private final LineSplitter lines = new LineSplitter(EventParser.BYTES_MAX);
    private int tools;
    private boolean begun;
    private boolean whole;

    OllamaPieces(ProviderHttp http, InstantSource clock) {
        this.http = http;
        this.clock = clock;
    }

    @Override
    public void take(ByteBuffer bytes, Consumer<ChatPiece> pieces) {
        lines.take(bytes, line -> line(line, pieces));
    }

    @Override
    public void end(Consumer<ChatPiece> pieces) {
        lines.end(line -> line(line, pieces));
    }

    @Override
    public boolean isWhole() {
        return whole;
    }

    private void line(String line, Consumer<ChatPiece> pieces) {
        if (whole || line.isBlank()) {
            return;
        }
        var json = http.json(line);
        if (json.hasNonNull("error")) {
            throw http.errors().inStream(json.path("error"));
        }
        var form = OpenAiForm.of("ollama", json.path("model").asString(""), clock);
        var said = OllamaChat.said(json.path("message"), tools);
        tools += said.path("tool_calls").size();
        boolean content = said.size() > 1 || !said.path("content").asString("").isEmpty();
        if (!begun) {
            said.put("role", "assistant");
            begun = true;
        }
        if (content || said.has("role")) {
            pieces.accept(form.piece(said, content));
        }
        if (json.path("done").asBoolean(false)) {
            pieces.accept(form.end(OllamaChat.finish(json, tools > 0)));
            pieces.accept(form.told(OllamaChat.usage(json)));
            whole = true;
        }
    }
}
