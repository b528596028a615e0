package io.cairn.server.openai;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.event.Ids;
import io.cairn.model.ChatStream;
import io.cairn.model.Gateway;
import io.cairn.model.ModelException;
import io.cairn.model.Payer;
import io.cairn.model.Replies;
import io.cairn.server.http.Call;
import io.cairn.server.http.Connections;
import io.cairn.server.http.Trouble;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/// Chat with the models of providers. Requests and answers pass through; the answer's status is not sent before a model
/// has begun to speak, so that until then another may speak in its place.
@RestController
@RequestMapping("/openai/v1/chat/completions")
final class ChatDoor {
    static final String ANSWERED_BY = "X-Cairn-Model";

    private static final String REPLY = "X-Cairn-Reply";

    /// A comment, since the headers are sent by then.
    private static final byte[] NOT_REMEMBERED = ": not remembered\n\n".getBytes(UTF_8);

    private final Gateway gateway;
    private final GatewayLimits limits;
    private final Connections connections;
    private final OpenStreams open;
    private final OpenCalls calls;
    private final ChatMemory memory;
    private final ChatRecall recall;
    private final CallContexts contexts;
    private final Replies replies;
    private final Ids ids;

    ChatDoor(
            Gateway gateway,
            GatewayLimits limits,
            Connections connections,
            OpenStreams open,
            OpenCalls calls,
            ChatMemory memory,
            ChatRecall recall,
            CallContexts contexts,
            Replies replies,
            Ids ids) {
        this.contexts = contexts;
        this.replies = replies;
        this.ids = ids;
        this.memory = memory;
        this.recall = recall;
        this.gateway = gateway;
        this.limits = limits;
        this.connections = connections;
        this.open = open;
        this.calls = calls;
    }

    @PostMapping
    void chat(Call call, HttpServletRequest request, HttpServletResponse response) throws IOException {
        var body = Requests.body(request);
        var model = Requests.model(request, body, gateway::knows);
        call.count("model", model);
        var wish =
                MemoryWish.of(request, limits.memory().of(model, call.context().actor()));
        var client = connections.client(request);
        boolean shared = isShared(request, body);
        try (var held = new Held()) {
            held.hold(calls.take(call)::close);
            contexts.take(call, request, client).ifPresent(turn -> held.hold(turn::close));
            var sent = recall.with(body, wish.recall(), call.context(), response);
            var asked = new Asked(Payer.of(call.context()), model, sent);
            var chat = wish.conversation().map(id -> memory.begin(call.context(), id, body));
            if (body.path("stream").asBoolean(false)) {
                stream(call, asked, chat, client, response, shared ? Optional.of(held) : Optional.empty());
            } else {
                whole(asked, chat, client, response);
            }
        } catch (ModelException e) {
            throw ModelTroubles.of(e);
        } catch (Attended.ClientGoneException gone) {
            call.count("client", "gone");
        }
    }

    /// What is asked of which model, and for whom.
    private record Asked(Payer payer, String model, ObjectNode body) {}

    private void whole(
            Asked asked, Optional<ChatMemory.Chat> chat, Connections.Client client, HttpServletResponse response)
            throws IOException {
        var answered = Attended.work(
                client, () -> gateway.answer(asked.payer(), asked.model(), asked.body(), limits.answer()));
        var said = answered.answer().body();
        chat.ifPresent(known -> known.said(answered.model(), ChatLines.answer(said), false));
        tell(chat, response);
        response.setHeader(ANSWERED_BY, answered.model());
        response.setContentType(MediaType.APPLICATION_JSON_VALUE);
        response.getOutputStream().write(said.getBytes(UTF_8));
    }

    private void stream(
            Call call,
            Asked asked,
            Optional<ChatMemory.Chat> chat,
            Connections.Client client,
            HttpServletResponse response,
            Optional<Held> shared)
            throws IOException {
        var speaking = Attended.take(
                client,
                () -> gateway.stream(asked.payer(), asked.model(), asked.body(), limits.streams()),
                begun -> begun.stream().close());
        response.setHeader(ANSWERED_BY, speaking.model());
        boolean usage = asked.body().at("/stream_options/include_usage").asBoolean(false);
        tell(chat, response);
        var stream =
                chat.map(known -> known.of(speaking.model(), speaking.stream())).orElse(speaking.stream());
        var followed = shared.map(held -> shared(call, asked.model(), speaking.model(), stream, held, response))
                .orElse(stream);
        try (var relay = new Relay(followed, client, response, usage, call.correlation())) {
            relay.run(open::isRunning);
            if (chat.isPresent() && !chat.get().isWhole()) {
                response.getOutputStream().write(NOT_REMEMBERED);
            }
        }
    }

    /// What the call holds is the reply's from now on, which may go on without this client.
    private ChatStream shared(
            Call call, String asked, String model, ChatStream stream, Held held, HttpServletResponse response) {
        var begun = replies.begin(call.tenant(), ids.next().toString(), asked, model, stream, held.takeOver());
        response.setHeader(REPLY, begun.reply().id());
        return begun.listener();
    }

    private static boolean isShared(HttpServletRequest request, ObjectNode body) {
        var wanted = request.getHeader(REPLY);
        if (wanted != null && !(wanted.equals("shared") && body.path("stream").asBoolean(false))) {
            throw Trouble.MALFORMED_REQUEST.because(
                    "Header %s is 'shared', for an answer that is streamed".formatted(REPLY));
        }
        return wanted != null;
    }

    private static void tell(Optional<ChatMemory.Chat> chat, HttpServletResponse response) {
        chat.ifPresent(known -> response.setHeader(MemoryWish.MEMORY, known.isWhole() ? "remembered" : "failed"));
    }
}
