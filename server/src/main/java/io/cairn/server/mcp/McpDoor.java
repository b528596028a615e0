package io.cairn.server.mcp;

import io.cairn.server.http.Call;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Trouble;
import io.modelcontextprotocol.common.McpTransportContext;
import io.modelcontextprotocol.json.McpJsonMapper;
import io.modelcontextprotocol.spec.McpSchema.ErrorCodes;
import io.modelcontextprotocol.spec.McpSchema.InitializeRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCResponse.JSONRPCError;
import io.modelcontextprotocol.spec.McpStreamableServerSession;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// MCP over Streamable HTTP: a message comes in a POST, and the answer goes back in its response.
///
/// What is no message of the protocol is refused as everywhere, with problem details; what is one and cannot be done is
/// answered in the protocol.
@RestController
final class McpDoor {
    static final String SESSION = "Mcp-Session-Id";
    static final String PROTOCOL = "MCP-Protocol-Version";

    private static final Logger LOG = LoggerFactory.getLogger(McpDoor.class);
    private static final String PATH = "/mcp";

    private final McpSessions sessions;
    private final Tools tools;
    private final McpJsonMapper mapper;

    McpDoor(McpSessions sessions, Tools tools, McpJsonMapper mapper) {
        this.sessions = sessions;
        this.tools = tools;
        this.mapper = mapper;
    }

    @PostMapping(path = PATH, consumes = MediaType.APPLICATION_JSON_VALUE, produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<byte[]> post(
            Call call,
            HttpServletRequest request,
            @RequestHeader(name = SESSION, required = false) @Nullable String session,
            @RequestHeader(name = PROTOCOL, required = false) @Nullable String protocol,
            @RequestBody byte[] body)
            throws IOException {
        requireKnown(protocol);
        var caller = Caller.of(call, request);
        return switch (JsonRpc.read(body)) {
            case JsonRpc.Request opening when opening.initializes() -> begun(caller, opening.message());
            case JsonRpc.Request(var message) ->
                answer(HttpHeaders.EMPTY, handled(found(session, caller), caller, message));
            case JsonRpc.Notification(var message) -> noted(found(session, caller), caller, message);
            case JsonRpc.Response() -> {
                found(session, caller);
                yield ResponseEntity.accepted().build();
            }
        };
    }

    @DeleteMapping(PATH)
    ResponseEntity<Void> end(Call call, @RequestHeader(name = SESSION, required = false) @Nullable String session) {
        if (!sessions.end(required(session), call.context())) {
            throw unknownSession();
        }
        return ResponseEntity.noContent().build();
    }

    private void requireKnown(@Nullable String protocol) {
        if (protocol != null && !sessions.protocolVersions().contains(protocol)) {
            throw Trouble.MALFORMED_REQUEST.because("%s names a version that is not spoken here; allowed: %s"
                    .formatted(PROTOCOL, String.join(", ", sessions.protocolVersions())));
        }
    }

    private static String required(@Nullable String session) {
        if (session == null || session.isBlank()) {
            throw Trouble.MALFORMED_REQUEST.because(
                    "The header %s is missing; 'initialize' opens a session and answers with it".formatted(SESSION));
        }
        return session;
    }

    private McpStreamableServerSession found(@Nullable String session, Caller caller) {
        return sessions.find(required(session), caller.context()).orElseThrow(McpDoor::unknownSession);
    }

    private static Refusal unknownSession() {
        return Trouble.NOT_FOUND.because("There is no such session, or not any more; 'initialize' opens a new one");
    }

    private ResponseEntity<byte[]> begun(Caller caller, JSONRPCRequest message) throws IOException {
        InitializeRequest wanted;
        try {
            wanted = mapper.convertValue(message.params(), InitializeRequest.class);
        } catch (IllegalArgumentException e) {
            LOG.debug("Refused to open a session", e);
            return answer(HttpHeaders.EMPTY, invalid(message));
        }
        if (wanted == null) {
            return answer(HttpHeaders.EMPTY, invalid(message));
        }
        var begun = sessions.begin(caller.context(), wanted);
        var headers = new HttpHeaders();
        headers.set(SESSION, begun.id());
        return answer(headers, JSONRPCResponse.result(message.id(), begun.result()));
    }

    private JSONRPCResponse handled(McpStreamableServerSession session, Caller caller, JSONRPCRequest message) {
        var unknown = tools.refusal(message, caller);
        if (unknown.isPresent()) {
            return error(message, ErrorCodes.INVALID_PARAMS, unknown.get());
        }
        var answer = new OneAnswer(mapper);
        try {
            session.responseStream(answer)
                    .handle(message)
                    .contextWrite(context -> context.put(McpTransportContext.KEY, caller.transport()))
                    .block();
            return answer.response();
        } catch (IllegalArgumentException e) {
            LOG.debug("Refused the params of {}", message.method(), e);
            return invalid(message);
        } catch (RuntimeException e) {
            LOG.error("The MCP request failed", e);
            return error(message, ErrorCodes.INTERNAL_ERROR, "The server failed; its log tells more");
        }
    }

    /// A notification is accepted whatever comes of it: nobody waits for more.
    private static ResponseEntity<byte[]> noted(
            McpStreamableServerSession session, Caller caller, JSONRPCNotification message) {
        try {
            session.accept(message)
                    .contextWrite(context -> context.put(McpTransportContext.KEY, caller.transport()))
                    .block();
        } catch (RuntimeException e) {
            LOG.debug("Nothing came of a notification", e);
        }
        return ResponseEntity.accepted().build();
    }

    private static JSONRPCResponse invalid(JSONRPCRequest message) {
        return error(message, ErrorCodes.INVALID_PARAMS, "The params do not fit the method");
    }

    private static JSONRPCResponse error(JSONRPCRequest message, int code, String text) {
        return JSONRPCResponse.error(message.id(), new JSONRPCError(code, text, null));
    }

    private ResponseEntity<byte[]> answer(HttpHeaders headers, JSONRPCResponse response) throws IOException {
        return ResponseEntity.ok()
                .headers(headers)
                .contentType(MediaType.APPLICATION_JSON)
                .body(mapper.writeValueAsBytes(response));
    }
}
