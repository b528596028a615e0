package io.cairn.server.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A refusal in the form in which OpenAI's clients expect it.
public final class OpenAiError {
    private static final String ROUTES = "/openai/";

    private OpenAiError() {}

    static boolean isWanted(HttpServletRequest request) {
        return request.getRequestURI().startsWith(ROUTES);
    }

    /// @param correlation id, by which the server's log tells more
    public static Map<String, Object> of(Refusal refusal, @Nullable String correlation) {
        var error = new LinkedHashMap<String, @Nullable Object>();
        error.put("message", Field.printable(refusal.detail()));
        var words = refusal.words();
        var code = refusal.trouble().code();
        error.put("type", words.type() == null ? type(refusal.trouble().status()) : words.type());
        error.put("param", words.param());
        error.put("code", words.code() == null ? code : words.code());
        error.put("cairn_code", code);
        error.put("correlation_id", correlation);
        return Map.of("error", error);
    }

    private static String type(int status) {
        return switch (status) {
            case 401 -> "authentication_error";
            case 403 -> "permission_error";
            case 404 -> "not_found_error";
            case 429 -> "rate_limit_error";
            default -> status < 500 ? "invalid_request_error" : "server_error";
        };
    }
}
