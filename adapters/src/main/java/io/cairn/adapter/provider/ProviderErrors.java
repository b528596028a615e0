package io.cairn.adapter.provider;

import io.cairn.model.ModelException;
import io.cairn.model.ModelException.Advice;
import io.cairn.model.ModelException.Kind;
import io.cairn.model.ModelException.Words;
import java.net.http.HttpHeaders;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What a provider's answer means that is no success: by its status, and by its own word where the status says too
/// little.
final class ProviderErrors {
    private static final int MESSAGE_MAX = 500;
    private static final Set<String> USED_UP = Set.of("insufficient_quota", "billing_hard_limit_reached");
    private static final int WORD_MAX = 100;

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
        var words = words(error);
        var kind = kind(status, words, message(error, body));
        return ModelException.answered(
                provider,
                kind,
                status,
                words,
                "Provider '%s' answered %d: %s".formatted(provider, status, message(error, body)),
                hints.in(headers));
    }

    /// An error in the midst of a stream that began well.
    ModelException inStream(JsonNode error) {
        var words = words(error);
        var message = message(error, "");
        return ModelException.answered(
                provider,
                kind(statusMeant(error), words, message),
                200,
                words,
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

    private static Kind kind(int status, Words words, String message) {
        var code = Optional.ofNullable(words.code() == null ? words.type() : words.code());
        if (code.filter(USED_UP::contains).isPresent()) {
            return Kind.USED_UP;
        }
        if (TooLong.is(status, code, message)) {
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

    private static Words words(@Nullable JsonNode error) {
        return error == null ? Words.NONE : new Words(word(error, "type"), word(error, "code"), word(error, "param"));
    }

    private static @Nullable String word(JsonNode error, String field) {
        var word = error.path(field);
        return word.isString() && word.asString().length() <= WORD_MAX ? shown(word.asString()) : null;
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
