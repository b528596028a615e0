package io.cairn.server.rest;

import io.cairn.event.EventType;
import io.cairn.server.http.Field;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which types of events are wanted: `lead.scored` exactly, `lead.*` with all below it, `*` any.
record EventPattern(Pattern regex) {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._*-]{1,100}");

    static EventPattern of(@Nullable String pattern) {
        var text = pattern == null ? "*" : pattern;
        if (!VALID.matcher(text).matches()) {
            throw Field.of("pattern")
                    .invalid("'" + text + "'", "1 to 100 letters, digits, '.', '_', '-' and '*', such as lead.*");
        }
        return new EventPattern(Pattern.compile(text.replace(".", "\\.").replaceAll("\\*+", ".*")));
    }

    boolean matches(EventType type) {
        return regex.matcher(type.name()).matches();
    }
}
