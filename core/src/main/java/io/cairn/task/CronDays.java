package io.cairn.task;

import java.time.LocalDate;

/// The days on which a cron expression fires.
record CronDays(CronField ofMonth, CronField months, CronField ofWeek) {
    /// The calendar repeats after 400 years.
    private static final int YEARS = 400;

    boolean have(LocalDate day) {
        return months.has(day.getMonthValue()) && fits(day);
    }

    private boolean fits(LocalDate day) {
        boolean inMonth =
                ofMonth.has(day.getDayOfMonth()) || ofMonth.last() && day.getDayOfMonth() == day.lengthOfMonth();
        boolean inWeek = ofWeek.has(day.getDayOfWeek().getValue() % 7);
        return ofMonth.starred() || ofWeek.starred() ? inMonth && inWeek : inMonth || inWeek;
    }

    boolean everCome() {
        var start = LocalDate.of(2000, 1, 1);
        return from(start).isBefore(start.plusYears(YEARS));
    }

    /// The first day that fits, from `day` on; a day beyond the calendar's period if there is none.
    LocalDate from(LocalDate day) {
        var end = day.plusYears(YEARS);
        var at = day;
        while (at.isBefore(end) && !have(at)) {
            at = months.has(at.getMonthValue())
                    ? at.plusDays(1)
                    : at.withDayOfMonth(1).plusMonths(1);
        }
        return at;
    }
}
