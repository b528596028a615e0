package io.cairn.task;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/// When something happens again and again, written as cron writes it: five fields, or six with seconds first.
///
/// | field | values | names |
/// |---|---|---|
/// | second (only of six) | 0–59 | |
/// | minute | 0–59 | |
/// | hour | 0–23 | |
/// | day of the month | 1–31, `L` for the last one | |
/// | month | 1–12 | `JAN`–`DEC` |
/// | day of the week | 0–7, Sunday is 0 and 7 | `SUN`–`SAT` |
///
/// A field is `*`, a value, a range `a-b`, a step `*/n`, `a/n` or `a-b/n`, or several of these with commas between
/// them. If both fields of days are restricted, a day that fits either of them fits, as in every cron; a field that
/// begins with `*` restricts nothing by itself, so that both must fit.
///
/// **When clocks change.** An expression that names its hours means the time on the wall. If clocks leap over that
/// time, it fires when they do, at the transition; if the time comes twice, it fires the first time only. An
/// expression whose hour is `*` or `*/n` means that time passes: it fires in both passes of an hour that comes
/// twice, and for nothing that clocks leapt over.
public final class CronExpression {
    private final String text;
    private final CronField seconds;
    private final CronField minutes;
    private final CronField hours;
    private final CronDays days;

    private CronExpression(String text, CronField seconds, CronField minutes, CronField hours, CronDays days) {
        this.text = text;
        this.seconds = seconds;
        this.minutes = minutes;
        this.hours = hours;
        this.days = days;
    }

    /// @throws IllegalArgumentException if it cannot be read or never fires; the message says which field is wrong
    public static CronExpression parse(String text) {
        var fields = text.strip().split("\\s+");
        if (fields.length != 5 && fields.length != 6) {
            throw new IllegalArgumentException(
                    "A cron expression has five fields (minute, hour, day of the month, month, day of the week) or six with the seconds first; found %d in '%s'"
                            .formatted(text.isBlank() ? 0 : fields.length, text));
        }
        int first = fields.length - 5;
        var seconds = first == 0 ? CronField.Unit.SECOND.parse("0") : CronField.Unit.SECOND.parse(fields[0]);
        var days = new CronDays(
                CronField.Unit.DAY_OF_MONTH.parse(fields[first + 2]),
                CronField.Unit.MONTH.parse(fields[first + 3]),
                CronField.Unit.DAY_OF_WEEK.parse(fields[first + 4]));
        if (!days.everCome()) {
            throw new IllegalArgumentException(
                    "'%s' never fires: no month that it names has such a day; change its days or its months"
                            .formatted(text));
        }
        return new CronExpression(
                String.join(" ", fields),
                seconds,
                CronField.Unit.MINUTE.parse(fields[first]),
                CronField.Unit.HOUR.parse(fields[first + 1]),
                days);
    }

    /// The first time after `after` at which it fires.
    public Instant next(Instant after, ZoneId zone) {
        return hours.starred() ? nextAsTimePasses(after, zone.getRules()) : nextOnTheWall(after, zone.getRules());
    }

    /// Times on the wall in their order are instants in their order: those that clocks leap over become the instant
    /// of the leap, and those that come twice their first pass. In a second pass everything up to its end is over.
    private Instant nextOnTheWall(Instant after, ZoneRules rules) {
        var wall = LocalDateTime.ofInstant(after, rules.getOffset(after));
        var change = rules.getTransition(wall);
        if (change != null && change.isOverlap() && !after.isBefore(change.getInstant())) {
            wall = change.getDateTimeBefore().minusNanos(1);
        }
        while (true) {
            wall = next(wall);
            var instant = onTheWall(wall, rules);
            if (instant.isAfter(after)) {
                return instant;
            }
        }
    }

    private static Instant onTheWall(LocalDateTime wall, ZoneRules rules) {
        var change = rules.getTransition(wall);
        return change != null && change.isGap()
                ? change.getInstant()
                : wall.toInstant(rules.getValidOffsets(wall).getFirst());
    }

    /// Between two changes of the clocks the offset is one, and times on the wall are as far apart as instants.
    private Instant nextAsTimePasses(Instant after, ZoneRules rules) {
        var from = after;
        while (true) {
            ZoneOffset offset = rules.getOffset(from);
            ZoneOffsetTransition change = rules.nextTransition(from);
            var instant = next(LocalDateTime.ofInstant(from, offset)).toInstant(offset);
            if (change == null || instant.isBefore(change.getInstant())) {
                return instant;
            }
            var changed = change.getDateTimeAfter();
            if (fires(changed)) {
                return change.getInstant();
            }
            from = change.getInstant();
        }
    }

    boolean fires(LocalDateTime time) {
        return time.getNano() == 0
                && seconds.has(time.getSecond())
                && minutes.has(time.getMinute())
                && hours.has(time.getHour())
                && days.have(time.toLocalDate());
    }

    /// The next time on a clock that never changes.
    LocalDateTime next(LocalDateTime after) {
        var time = after.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        LocalDate day = days.from(time.toLocalDate());
        if (day.isEqual(time.toLocalDate())) {
            for (int hour = hours.from(time.getHour()); hour >= 0; hour = hours.from(hour + 1)) {
                int minute = hour == time.getHour() ? minutes.from(time.getMinute()) : minutes.first();
                int second = hour == time.getHour() && minute == time.getMinute()
                        ? seconds.from(time.getSecond())
                        : seconds.first();
                if (minute >= 0 && second < 0) {
                    minute = minutes.from(minute + 1);
                    second = seconds.first();
                }
                if (minute >= 0) {
                    return day.atTime(hour, minute, second);
                }
            }
            day = days.from(day.plusDays(1));
        }
        return day.atTime(hours.first(), minutes.first(), seconds.first());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CronExpression that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
