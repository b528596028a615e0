package io.cairn.adapter.provider;

import io.cairn.model.ChatPiece;
import io.cairn.model.Usage;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Anthropic's stream as pieces in OpenAI's form.
final class AnthropicPieces implements PieceReader {
    private final ProviderHttp http;
    private final InstantSource clock;
    private final EventParser events = new EventParser();
    private OpenAiForm form;
    private Usage usage = Usage.UNKNOWN;
    private int tools = -1;
    private boolean whole;

    AnthropicPieces(ProviderHttp http, InstantSource clock) {
        this.http = http;
        this.clock = clock;
        this.form = OpenAiForm.of("", "", clock);
    }

    @Override
    public void take(ByteBuffer bytes, Consumer<ChatPiece> pieces) {
        events.take(bytes, data -> event(data, pieces));
    }

    @Override
    public void end(Consumer<ChatPiece> pieces) {
        events.end(data -> event(data, pieces));
    }

    @Override
    public boolean isWhole() {
        return whole;
    }

    private void event(String data, Consumer<ChatPiece> pieces) {
        var event = http.json(data);
        switch (event.path("type").asString("")) {
            case "message_start" -> started(event.path("message"), pieces);
            case "content_block_start" -> block(event.path("content_block"), pieces);
            case "content_block_delta" -> delta(event.path("delta"), pieces);
            case "message_delta" -> {
                long output = event.at("/usage/output_tokens").asLong(usage.output());
                usage = new Usage(usage.input(), Math.max(0, output), usage.estimated(), usage.cached());
                var reason = event.at("/delta/stop_reason");
                if (reason.isString()) {
                    pieces.accept(form.end(AnthropicChat.finish(reason.asString())));
                }
            }
            case "message_stop" -> {
                pieces.accept(form.told(usage));
                whole = true;
            }
            case "error" -> throw http.errors().inStream(event.path("error"));
            default -> {
                // A sign of life, the end of a block, or what came up later.
            }
        }
    }

    private void started(JsonNode message, Consumer<ChatPiece> pieces) {
        form = OpenAiForm.of(
                message.path("id").asString(""), message.path("model").asString(""), clock);
        usage = AnthropicChat.usage(message.path("usage"));
        pieces.accept(form.piece(
                Json.MAPPER.createObjectNode().put("role", "assistant").put("content", ""), false));
    }

    private void block(JsonNode block, Consumer<ChatPiece> pieces) {
        if (block.path("type").asString("").equals("tool_use")) {
            tools++;
            var delta = Json.MAPPER.createObjectNode();
            delta.putArray("tool_calls")
                    .add(OpenAiForm.toolCall(
                            tools,
                            block.path("id").asString(""),
                            block.path("name").asString(""),
                            ""));
            pieces.accept(form.piece(delta, true));
        }
    }

    private void delta(JsonNode delta, Consumer<ChatPiece> pieces) {
        var said = Json.MAPPER.createObjectNode();
        switch (delta.path("type").asString("")) {
            case "text_delta" -> said.put("content", delta.path("text").asString(""));
            case "thinking_delta" ->
                said.put("reasoning_content", delta.path("thinking").asString(""));
            case "input_json_delta" -> {
                var call = said.putArray("tool_calls").addObject().put("index", Math.max(0, tools));
                call.putObject("function")
                        .put("arguments", delta.path("partial_json").asString(""));
            }
            default -> {
                // Such as a signature, for which OpenAI has no word.
            }
        }
        if (!said.isEmpty()) {
            pieces.accept(form.piece(said, true));
        }
    }
}
