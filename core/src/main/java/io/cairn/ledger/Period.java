package io.cairn.ledger;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;

/// How often a budget begins anew, by UTC.
public enum Period {
    DAY,
    MONTH,
    /// Never.
    TOTAL;

    /// The name of the one at a time, such as `2026-11-30` or `2026-11`.
    String at(Instant time) {
        var date = LocalDate.ofInstant(time, ZoneOffset.UTC);
        return switch (this) {
            case DAY -> date.toString();
            case MONTH -> YearMonth.from(date).toString();
            case TOTAL -> text();
        };
    }

    /// When the next one begins.
    public Optional<Instant> renews(Instant time) {
        var date = LocalDate.ofInstant(time, ZoneOffset.UTC);
        return switch (this) {
            case DAY -> Optional.of(start(date.plusDays(1)));
            case MONTH -> Optional.of(start(date.withDayOfMonth(1).plusMonths(1)));
            case TOTAL -> Optional.empty();
        };
    }

    private static Instant start(LocalDate date) {
        return date.atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
