package io.cairn.passage;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The value of a top-level field of metadata, as filters compare it: numbers by value, so that 2 is 2.0, and no number
/// is a text.
public sealed interface FieldValue {
    /// As JSON.
    JsonNode json();

    /// A word that only equal values have; a text is its own.
    String term();

    /// A value that is neither null, nor an object, nor a list.
    static Optional<FieldValue> of(JsonNode json) {
        if (json.isString()) {
            return Optional.of(new Text(json.asString()));
        } else if (json.isNumber()) {
            return Optional.of(new Number(json.decimalValue()));
        } else if (json.isBoolean()) {
            return Optional.of(new Truth(json.asBoolean()));
        }
        return Optional.empty();
    }

    /// The fields of a JSON object that have such a value.
    static Map<String, FieldValue> ofFields(JsonNode metadata) {
        var values = new HashMap<String, FieldValue>();
        metadata.properties()
                .forEach(field -> of(field.getValue()).ifPresent(value -> values.put(field.getKey(), value)));
        return values;
    }

    /// Characters.
    record Text(String text) implements FieldValue {
        @Override
        public JsonNode json() {
            return JsonNodeFactory.instance.stringNode(text);
        }

        @Override
        public String term() {
            return text;
        }
    }

    /// A number, without zeros that change nothing.
    record Number(BigDecimal number) implements FieldValue {
        public Number {
            number = number.stripTrailingZeros();
        }

        @Override
        public JsonNode json() {
            return JsonNodeFactory.instance.numberNode(number);
        }

        @Override
        public String term() {
            return MARK + "n" + number;
        }
    }

    /// True or false.
    record Truth(boolean truth) implements FieldValue {
        @Override
        public JsonNode json() {
            return JsonNodeFactory.instance.booleanNode(truth);
        }

        @Override
        public String term() {
            return MARK + "b" + truth;
        }
    }

    /// No text holds it.
    String MARK = "\0";
}
