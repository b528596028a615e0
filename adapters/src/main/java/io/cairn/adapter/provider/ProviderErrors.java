package io.cairn.adapter.provider;

import io.cairn.model.ModelException;
import io.cairn.model.ModelException.Advice;
import io.cairn.model.ModelException.Kind;
import java.net.http.HttpHeaders;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What a provider's answer means that is no success: by its status, and by its own word where the status says too
/// little.
final class ProviderErrors {
    private static final int MESSAGE_MAX = 500;
    private static final Set<String> USED_UP = Set.of("insufficient_quota", "billing_hard_limit_reached");
    private static final Set<String> TOO_LONG =
            Set.of("context_length_exceeded", "string_above_max_length", "max_tokens_per_request");

    private static final Map<String, Integer> STATUS_OF_TYPE = Map.of(
            "invalid_request_error", 400,
            "authentication_error", 401,
            "permission_error", 403,
            "not_found_error", 404,
            "request_too_large", 413,
            "rate_limit_error", 429);

    private final String provider;
    private final RetryHints hints;

    ProviderErrors(String provider, InstantSource clock) {
        this.provider = provider;
        this.hints = new RetryHints(clock);
    }

    ModelException of(int status, HttpHeaders headers, String body) {
        var error = error(body);
        var code = word(error);
        var kind = kind(status, code, message(error, body));
        return ModelException.answered(
                provider,
                kind,
                status,
                code,
                "Provider '%s' answered %d: %s".formatted(provider, status, message(error, body)),
                hints.in(headers));
    }

    /// An error in the midst of a stream that began well.
    ModelException inStream(JsonNode error) {
        var code = word(error);
        var message = message(error, "");
        return ModelException.answered(
                provider,
                kind(statusMeant(error), code, message),
                200,
                code,
                "Provider '%s' broke off: %s".formatted(provider, message),
                Advice.NONE);
    }

    /// The status that the error would have had, if the stream had not begun.
    private static int statusMeant(JsonNode error) {
        if (error.path("code").isInt()) {
            return error.path("code").asInt();
        }
        return STATUS_OF_TYPE.getOrDefault(error.path("type").asString(""), 500);
    }

    private static Kind kind(int status, @Nullable String code, String message) {
        if (code != null && USED_UP.contains(code)) {
            return Kind.USED_UP;
        }
        if (status == 413 || code != null && TOO_LONG.contains(code) || message.contains("maximum context length")) {
            return Kind.TOO_LONG;
        }
        return switch (status) {
            case 401, 403 -> Kind.KEY_REFUSED;
            case 402 -> Kind.USED_UP;
            case 429 -> Kind.LIMITED;
            case 408, 425 -> Kind.AWAY;
            default -> status >= 500 && status != 501 ? Kind.AWAY : Kind.REFUSED;
        };
    }

    private static @Nullable JsonNode error(String body) {
        try {
            var json = Json.MAPPER.readTree(body);
            return json.path("error").isMissingNode() ? json : json.path("error");
        } catch (JacksonException noJson) {
            return null;
        }
    }

    private static @Nullable String word(@Nullable JsonNode error) {
        if (error == null || !error.isObject()) {
            return null;
        }
        var code = error.path("code").isString() ? error.path("code") : error.path("type");
        return code.isString() ? code.asString() : null;
    }

    private static String message(@Nullable JsonNode error, String body) {
        if (error != null && error.isString()) {
            return shown(error.asString());
        }
        return shown(
                error != null && error.path("message").isString()
                        ? error.path("message").asString()
                        : body);
    }

    private static String shown(String text) {
        var line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() <= MESSAGE_MAX ? line : line.substring(0, MESSAGE_MAX) + "…";
    }
}
