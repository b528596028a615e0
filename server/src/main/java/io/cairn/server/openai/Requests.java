package io.cairn.server.openai;

import io.cairn.server.http.Field;
import io.cairn.server.http.Json;
import io.cairn.server.http.JsonProblems;
import io.cairn.server.http.Refusal;
import io.cairn.server.http.Trouble;
import io.cairn.server.security.Granted;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// Requests of OpenAI's clients: only what Cairn itself needs of them is judged.
final class Requests {
    private Requests() {}

    static ObjectNode body(HttpServletRequest request) throws IOException {
        try {
            if (Json.mapper().readTree(request.getInputStream().readAllBytes()) instanceof ObjectNode object) {
                return object;
            }
            throw Trouble.MODEL_REFUSED.because("The body is no JSON object");
        } catch (JacksonException e) {
            throw JsonProblems.refusal(e);
        } catch (NumberFormatException e) {
            throw JsonProblems.refusal(e);
        }
    }

    /// The model that is asked for, if there is one and the key may use it.
    static String model(HttpServletRequest request, ObjectNode body, Predicate<String> known) {
        if (!body.path("model").isString()) {
            throw Trouble.MODEL_REFUSED.because("model is missing, or no text");
        }
        var model = body.path("model").asString();
        return require(request, model, known);
    }

    static String require(HttpServletRequest request, String model, Predicate<String> known) {
        if (!known.test(model)) {
            throw unknown(model);
        }
        if (!Granted.allowsModel(request, model)) {
            throw Trouble.MODEL_FORBIDDEN.because("The key does not allow the model %s".formatted(Field.shown(model)));
        }
        return model;
    }

    private static Refusal unknown(String model) {
        return Trouble.MODEL_NOT_FOUND.because(
                "The model %s does not exist here; the route /openai/v1/models lists those that do"
                        .formatted(Field.shown(model)));
    }
}
