package io.cairn.server.mcp;

import io.cairn.server.http.Json;
import io.cairn.server.http.JsonProblems;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Trouble;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCNotification;
import io.modelcontextprotocol.spec.McpSchema.JSONRPCRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// One JSON-RPC message that a client sent.
sealed interface JsonRpc {

    /// Wants an answer.
    record Request(JSONRPCRequest message) implements JsonRpc {
        boolean initializes() {
            return message.method().equals("initialize");
        }
    }

    /// Wants none.
    record Notification(JSONRPCNotification message) implements JsonRpc {}

    /// Answers a question, though this server asks none.
    record Response() implements JsonRpc {}

    /// @throws Refusal if it is not one
    static JsonRpc read(byte[] body) {
        var json = parsed(body);
        if (!json.isObject() || !json.path("jsonrpc").asString("").equals("2.0")) {
            throw malformed("a JSON object with \"jsonrpc\": \"2.0\"; batches are not taken");
        }
        if (!json.has("method")) {
            if (json.has("id") && (json.has("result") || json.has("error"))) {
                return new Response();
            }
            throw malformed("a message with a method, or with an id and a result");
        }
        if (!json.path("method").isString()) {
            throw malformed("a method that is a string");
        }
        var method = json.path("method").asString();
        var params = params(json.get("params"), method);
        return json.has("id")
                ? new Request(new JSONRPCRequest(method, id(json.path("id")), params))
                : new Notification(new JSONRPCNotification(method, params));
    }

    private static JsonNode parsed(byte[] body) {
        try {
            return Json.mapper().readTree(body);
        } catch (JacksonException e) {
            throw JsonProblems.refusal(e);
        } catch (NumberFormatException e) {
            throw JsonProblems.refusal(e);
        }
    }

    private static Object id(JsonNode id) {
        if (id.isString()) {
            return id.asString();
        }
        if (id.isIntegralNumber() && id.canConvertToLong()) {
            return id.asLong();
        }
        throw malformed("an id that is a string or a whole number");
    }

    private static @Nullable Map<String, Object> params(@Nullable JsonNode params, String method) {
        if (params == null || params.isNull()) {
            if (method.equals("tools/call")) {
                throw malformed("params with the name of a tool");
            }
            return null;
        }
        if (!params.isObject()) {
            throw malformed("params that are an object");
        }
        if (method.equals("tools/call") && !params.path("name").isString()) {
            throw malformed("params with the name of a tool");
        }
        return Json.map(params);
    }

    private static Refusal malformed(String wanted) {
        return Trouble.MALFORMED_REQUEST.because("This is not a JSON-RPC message of MCP, which is " + wanted);
    }
}
