package io.cairn.client.wire;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.std.StdScalarDeserializer;

/// Reads a time only as RFC 3339 has it: a string with date, time and zone, in a year of four digits.
final class Rfc3339 extends StdScalarDeserializer<Instant> {
    private static final String ALLOWED = "a time such as 2026-03-01T12:30:00Z is allowed";

    Rfc3339() {
        super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser parser, DeserializationContext context) {
        if (!parser.hasToken(JsonToken.VALUE_STRING)) {
            return (Instant) context.handleUnexpectedToken(getValueType(context), parser);
        }
        String text = parser.getString();
        try {
            OffsetDateTime time = OffsetDateTime.parse(text);
            if (time.getYear() >= 0 && time.getYear() <= 9999) {
                return time.toInstant();
            }
            return (Instant) context.handleWeirdStringValue(Instant.class, text, ALLOWED);
        } catch (DateTimeException notATime) {
            return (Instant) context.handleWeirdStringValue(Instant.class, text, ALLOWED);
        }
    }
}
