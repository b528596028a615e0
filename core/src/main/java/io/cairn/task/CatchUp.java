package io.cairn.task;

import java.util.Locale;

/// What becomes of the times at which a schedule should have fired while nobody could let it.
public enum CatchUp {
    /// They are left out: it fires at its next time.
    SKIP,
    /// It fires once for all of them.
    ONCE,
    /// It fires for each of them.
    ALL;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @throws IllegalArgumentException if there is none of this name
    public static CatchUp of(String text) {
        for (var each : values()) {
            if (each.text().equals(text)) {
                return each;
            }
        }
        throw new IllegalArgumentException("A schedule catches up by skip, once or all; found '%s'".formatted(text));
    }
}
