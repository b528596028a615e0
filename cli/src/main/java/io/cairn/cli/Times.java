package io.cairn.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/// Times as a person types them: a date in UTC, or an RFC 3339 time.
final class Times {
    private Times() {}

    static Instant startOf(String text) {
        return isDate(text) ? date(text).atStartOfDay(ZoneOffset.UTC).toInstant() : time(text);
    }

    static Instant endOf(String text) {
        return isDate(text)
                ? date(text).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()
                : time(text);
    }

    private static boolean isDate(String text) {
        return text.length() == "2026-03-01".length();
    }

    private static LocalDate date(String text) {
        try {
            return LocalDate.parse(text);
        } catch (DateTimeException notADate) {
            throw notATime(text, notADate);
        }
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException notATime) {
            throw notATime(text, notATime);
        }
    }

    private static IllegalArgumentException notATime(String text, DateTimeException cause) {
        return new IllegalArgumentException(
                "'" + text + "' is no time; 2026-03-01 and 2026-03-01T12:00:00Z are.", cause);
    }
}
