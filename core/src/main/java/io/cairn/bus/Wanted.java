package io.cairn.bus;

import io.cairn.event.Event;
import io.cairn.event.EventPattern;
import io.cairn.event.ExactJson;
import io.cairn.event.Payload;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Which events somebody outside wants: by their type, and by values in their payloads.
///
/// Cairn's events about itself go only to whom names them: `*` does not stand for `cairn.webhook.disabled`.
///
/// @param conditions JSON pointers into the payload, each with the value that has to be there; numbers are
///     compared by value, so that 2 is 2.0, and no number is a text
public record Wanted(EventPattern pattern, Map<String, JsonNode> conditions) implements Interest {
    private static final String OWN = "cairn.";
    private static final int CONDITIONS_MAX = 20;

    public Wanted {
        conditions = Map.copyOf(conditions);
        if (conditions.size() > CONDITIONS_MAX
                || !conditions.keySet().stream().allMatch(pointer -> pointer.matches("(/[^/]{1,100}){1,20}"))) {
            throw new IllegalArgumentException(
                    "A filter has at most %d JSON pointers such as /customer/country; found %s"
                            .formatted(CONDITIONS_MAX, conditions.keySet()));
        }
    }

    public static Wanted of(String pattern) {
        return new Wanted(new EventPattern(pattern), Map.of());
    }

    @Override
    public boolean in(Event event) {
        var name = event.type().name();
        return pattern.matches(event.type())
                && (!name.startsWith(OWN) || pattern.text().startsWith(OWN))
                && (conditions.isEmpty() || event.payload() instanceof Payload.Open(var json) && fits(json));
    }

    private boolean fits(JsonNode payload) {
        return conditions.entrySet().stream()
                .allMatch(each -> each.getValue().equals(Wanted::compared, payload.at(each.getKey())));
    }

    /// Of two values that are no containers, nothing but whether they are equal.
    private static int compared(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }

    String conditionsText() {
        var node = JsonNodeFactory.instance.objectNode();
        new TreeMap<>(conditions).forEach(node::set);
        return ExactJson.mapper().writeValueAsString(node);
    }

    static Wanted read(String pattern, String conditions) {
        var found = new TreeMap<String, JsonNode>();
        ExactJson.mapper().readTree(conditions).properties().forEach(each -> found.put(each.getKey(), each.getValue()));
        return new Wanted(new EventPattern(pattern), found);
    }
}
