package io.cairn.server.http;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.converter.HttpMessageNotReadableException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.exc.InvalidFormatException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/// What a JSON parser's complaint means to whoever sent the JSON.
public final class JsonProblems {
    private static final Pattern TOKEN = Pattern.compile("JsonToken\\.([A-Z_]+)");

    private JsonProblems() {}

    /// Nothing if the body broke off for another reason, which a deeper cause tells.
    static @Nullable Refusal of(HttpMessageNotReadableException failure) {
        return failure.getCause() instanceof JacksonException json
                ? of(json)
                : failure.getCause() == null ? Trouble.BODY_MISSING.because("There is no body, or it is null") : null;
    }

    /// What is wrong with JSON that was read here and not by the framework.
    public static Refusal refusal(JacksonException failure) {
        var known = of(failure);
        return known == null ? Trouble.MALFORMED_JSON.because("It cannot be read") : known;
    }

    /// What is wrong with JSON that was read as a tree, where a number that is out of range is no failure of the
    /// parser.
    public static Refusal refusal(NumberFormatException failure) {
        return Trouble.MALFORMED_JSON.because(
                "It holds a number that is out of range: " + Field.shown(String.valueOf(failure.getMessage())));
    }

    private static @Nullable Refusal of(JacksonException failure) {
        return switch (failure) {
            case DatabindException wrapping
            when wrapping.getCause() instanceof NumberFormatException number -> refusal(number);
            case UnrecognizedPropertyException unknown ->
                field(unknown)
                        .unknown(
                                unknown.getKnownPropertyIds() == null
                                        ? List.of()
                                        : unknown.getKnownPropertyIds().stream()
                                                .map(Object::toString)
                                                .toList());
            case InputCoercionException beyond ->
                field(beyond).invalid("a number that is out of range", allowed(beyond.getTargetType()));
            case StreamConstraintsException beyond
            when String.valueOf(beyond.getMessage()).startsWith("Token count") ->
                Trouble.TOO_LARGE.because(
                        "The body holds more than %d brackets, names and values, which is what memory allows"
                                .formatted(Json.TOKENS_MAX));
            case StreamConstraintsException beyond -> Trouble.MALFORMED_JSON.because(text(beyond));
            case StreamReadException malformed -> Trouble.MALFORMED_JSON.because(text(malformed) + place(malformed));
            case InvalidFormatException format ->
                field(format).invalid(Field.shown(format.getValue()), allowed(format.getTargetType()));
            case MismatchedInputException mismatch ->
                trailing(mismatch)
                        ? Trouble.MALFORMED_JSON.because("Something follows the JSON value")
                        : field(mismatch).invalid(found(mismatch), allowed(mismatch.getTargetType()));
            default -> null;
        };
    }

    private static boolean trailing(MismatchedInputException mismatch) {
        return mismatch.getPath().isEmpty()
                && String.valueOf(mismatch.getMessage()).startsWith("Trailing token");
    }

    private static Field field(JacksonException failure) {
        var path = new StringBuilder();
        Integer index = null;
        for (var step : failure.getPath()) {
            if (step.getPropertyName() != null) {
                path.append(path.isEmpty() ? "" : ".").append(Field.shown(step.getPropertyName()));
            } else {
                path.append('[').append(step.getIndex()).append(']');
                index = index == null ? Integer.valueOf(step.getIndex()) : index;
            }
        }
        return new Field(path.isEmpty() ? "body" : path.toString(), index);
    }

    /// The parser is closed by now, but its message still tells which token it met.
    private static String found(MismatchedInputException mismatch) {
        var token = TOKEN.matcher(mismatch.getOriginalMessage());
        return switch (token.find() ? token.group(1) : "") {
            case "START_OBJECT", "PROPERTY_NAME", "END_OBJECT" -> "an object";
            case "START_ARRAY", "END_ARRAY" -> "a list";
            case "VALUE_STRING" -> "a string";
            case "VALUE_NUMBER_INT", "VALUE_NUMBER_FLOAT" -> "a number";
            case "VALUE_TRUE", "VALUE_FALSE" -> "true or false";
            case "VALUE_NULL" -> "null";
            default -> "something else";
        };
    }

    private static String allowed(@Nullable Class<?> type) {
        if (type == null) {
            return "another type";
        } else if (type == String.class || isWord(type)) {
            return "a string";
        } else if (type == Instant.class) {
            return "a time such as 2026-03-01T12:30:00Z";
        } else if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
            return "a whole number";
        } else if (type == Double.class || type == double.class) {
            return "a number";
        } else if (type == Boolean.class || type == boolean.class) {
            return "true or false";
        } else if (Collection.class.isAssignableFrom(type)) {
            return "a list";
        } else if (Map.class.isAssignableFrom(type) || type.isRecord()) {
            return "an object";
        }
        return "another type";
    }

    /// A record around one string, as the open lists of words are.
    private static boolean isWord(Class<?> type) {
        return type.isRecord()
                && type.getRecordComponents().length == 1
                && type.getRecordComponents()[0].getType() == String.class;
    }

    private static String text(JacksonException failure) {
        return failure.getOriginalMessage();
    }

    private static String place(JacksonException failure) {
        var at = failure.getLocation();
        return at == null ? "" : " (line %d, column %d)".formatted(at.getLineNr(), at.getColumnNr());
    }
}
