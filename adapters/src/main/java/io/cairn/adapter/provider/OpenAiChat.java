package io.cairn.adapter.provider;

import io.cairn.guard.Deadline;
import io.cairn.model.ChatAnswer;
import io.cairn.model.ChatDeadlines;
import io.cairn.model.ChatModel;
import io.cairn.model.ChatStream;
import io.cairn.model.Usage;
import tools.jackson.databind.node.ObjectNode;

/// Chat in OpenAI's dialect: requests and answers pass through as they are.
public final class OpenAiChat implements ChatModel {
    private final ProviderHttp http;
    private final String path;

    /// @param path of the route, behind the provider's URL
    public OpenAiChat(ProviderHttp http, String path) {
        this.http = http;
        this.path = path;
    }

    @Override
    public String provider() {
        return http.name();
    }

    @Override
    public ChatAnswer answer(ObjectNode request, Deadline deadline) {
        var whole = request.deepCopy();
        whole.remove("stream");
        whole.remove("stream_options");
        var body = http.whole(path, Json.MAPPER.writeValueAsBytes(whole), deadline);
        var json = http.json(body);
        if (!json.path("choices").isArray()) {
            throw http.garbled("no choices");
        }
        return new ChatAnswer(body, OpenAiPieces.usage(json.path("usage")).orElse(Usage.UNKNOWN));
    }

    /// The usage is always asked for, since the ledger wants it.
    @Override
    public ChatStream stream(ObjectNode request, ChatDeadlines deadlines) {
        var streamed = request.deepCopy().put("stream", true);
        streamed.withObject("stream_options").put("include_usage", true);
        var body = http.post(path, Json.MAPPER.writeValueAsBytes(streamed), deadlines.firstToken());
        return new HttpChatStream(http, body, new OpenAiPieces(http), deadlines);
    }
}
