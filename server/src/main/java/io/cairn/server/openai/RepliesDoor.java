package io.cairn.server.openai;

import io.cairn.model.Replies;
import io.cairn.model.Reply;
import io.cairn.server.http.Call;
import io.cairn.server.http.Connections;
import io.cairn.server.http.Field;
import io.cairn.server.http.Trouble;
import io.cairn.server.security.Granted;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Streamed answers that were shared, for whoever else of the tenant follows them.
@RestController
@RequestMapping("/openai/v1/replies/{id}")
final class RepliesDoor {
    private final Replies replies;
    private final Connections connections;
    private final OpenStreams open;
    private final OpenCalls calls;

    RepliesDoor(Replies replies, Connections connections, OpenStreams open, OpenCalls calls) {
        this.replies = replies;
        this.connections = connections;
        this.open = open;
        this.calls = calls;
    }

    /// All of it from its beginning, the usage included.
    @GetMapping
    void follow(Call call, @PathVariable String id, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var reply = found(call, id, request);
        var client = connections.client(request);
        try (var place = calls.take(call);
                var relay = new Relay(reply.listen(), client, response, true, call.correlation())) {
            response.setHeader(ChatDoor.ANSWERED_BY, reply.model());
            relay.run(open::isRunning);
        } catch (Attended.ClientGoneException gone) {
            call.count("client", "gone");
        }
    }

    @DeleteMapping
    Map<String, Object> cancel(Call call, @PathVariable String id, HttpServletRequest request) {
        found(call, id, request).cancel();
        return Map.of("id", id, "object", "reply", "cancelled", true);
    }

    /// A key that does not allow a model does not learn of its answers either.
    private Reply found(Call call, String id, HttpServletRequest request) {
        return replies.find(call.tenant(), id)
                .filter(reply -> Granted.allowsModel(request, reply.asked()))
                .orElseThrow(() -> Trouble.NOT_FOUND.because(
                        "There is no reply %s on this node; it is kept for a while after its end"
                                .formatted(Field.shown(id))));
    }
}
