package io.cairn.server.mcp;

import io.cairn.server.http.Call;
import io.cairn.server.http.Trouble;
import io.cairn.server.security.Granted;
import io.cairn.server.security.Scope;
import io.cairn.tenant.Context;
import io.modelcontextprotocol.common.McpTransportContext;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;

/// Who sent a message, carried along with it to the tool, on whatever thread that runs.
///
/// It comes from the request's own key every time, never from the session, so that a session opens nothing.
record Caller(Call call, boolean mayWrite) {
    private static final String KEY = Caller.class.getName();

    static Caller of(Call call, HttpServletRequest request) {
        return new Caller(call, Granted.allows(request, Scope.WRITE));
    }

    /// Fails where nobody is known to call.
    static Caller of(McpTransportContext transport) {
        if (transport.get(KEY) instanceof Caller caller) {
            return caller;
        }
        throw new IllegalStateException("A tool was called, and nobody is known to have called it");
    }

    McpTransportContext transport() {
        return McpTransportContext.create(Map.of(KEY, this));
    }

    Context context() {
        return call.context();
    }

    boolean may(Tool tool) {
        return mayWrite || !tool.writes();
    }

    void require(Tool tool) {
        if (!may(tool)) {
            throw Trouble.SCOPE_MISSING.because(
                    "The tool '%s' needs a key with the scope 'write'".formatted(tool.name()));
        }
    }
}
