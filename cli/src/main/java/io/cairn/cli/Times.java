package io.cairn.cli;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Times as a person types them: a date in UTC, an RFC 3339 time, or a length such as `10m`.
final class Times {
    private static final Pattern DELAY = Pattern.compile("([0-9]{1,9})([smhd])");

    private Times() {}

    static Instant startOf(String text) {
        return isDate(text) ? date(text).atStartOfDay(ZoneOffset.UTC).toInstant() : time(text);
    }

    static Instant endOf(String text) {
        return isDate(text)
                ? date(text).plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant()
                : time(text);
    }

    /// A length of time, such as `30s` or `2h`.
    static Duration delay(String text) {
        Matcher matcher = DELAY.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no length of time; 30s, 10m, 2h and 7d are.");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
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
