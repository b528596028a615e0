package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Cron expressions beside somebody who looks at the clock on the wall: each minute around every change of
/// the clocks that any zone makes from 2020 to 2035, and each second around some of them.
class CronAgainstClocksTest {
    private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2036-01-01T00:00:00Z");
    private static final Duration AROUND = Duration.ofHours(4);
    private static final Duration CLOSELY_AROUND = Duration.ofHours(3);
    private static final int EXPRESSIONS = 12;
    private static final int CLOSELY_EXPRESSIONS = 6;

    /// Which days, kept as sets instead of as text; an empty one stands for `*`.
    private record Days(Set<Integer> days, boolean last, Set<Integer> months, Set<Integer> weekdays) {
        static Days of(Set<Integer> weekdays) {
            return new Days(Set.of(), false, Set.of(), weekdays);
        }

        boolean have(LocalDate day) {
            boolean byDate = days.contains(day.getDayOfMonth()) || last && day.getDayOfMonth() == day.lengthOfMonth();
            boolean byWeekday = weekdays.contains(day.getDayOfWeek().getValue());
            boolean everyDate = days.isEmpty() && !last;
            return (months.isEmpty() || months.contains(day.getMonthValue()))
                    && (everyDate ? weekdays.isEmpty() || byWeekday : byDate || byWeekday);
        }

        /// The last three fields.
        String text() {
            var date = last ? days.isEmpty() ? "L" : list(days) + ",L" : list(days);
            return "%s %s %s".formatted(date, list(months), list(weekdays));
        }
    }

    /// What is looked for.
    private record Wanted(Set<Integer> seconds, Set<Integer> minutes, Set<Integer> hours, int everyHours, Days days) {
        boolean starred() {
            return everyHours > 0;
        }

        boolean fits(LocalDateTime wall) {
            return seconds.contains(wall.getSecond())
                    && minutes.contains(wall.getMinute())
                    && (starred() ? wall.getHour() % everyHours == 0 : hours.contains(wall.getHour()))
                    && days.have(wall.toLocalDate());
        }

        CronExpression expression() {
            var hour = everyHours == 0 ? list(hours) : everyHours == 1 ? "*" : "*/" + everyHours;
            var minutesOn = "%s %s %s".formatted(list(minutes), hour, days.text());
            return CronExpression.parse(seconds.equals(Set.of(0)) ? minutesOn : list(seconds) + " " + minutesOn);
        }
    }

    private static String list(Set<Integer> values) {
        return values.isEmpty() ? "*" : values.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    @Test
    void everyExpressionFiresWhenAWatcherOfTheClockSaysSo() {
        var random = new Random(7);
        int changes = 0;
        for (var zone : zones()) {
            var wanted = IntStream.range(0, EXPRESSIONS)
                    .mapToObj(index -> wanted(random))
                    .toList();
            var expressions = wanted.stream().map(Wanted::expression).toList();
            for (var change : changes(zone)) {
                changes++;
                check(zone, change, AROUND, Duration.ofMinutes(1), wanted, expressions);
            }
        }
        assertThat(changes).isGreaterThan(1000);
    }

    /// Those at the turn of a month first, of which there are few, and of each zone one more.
    @Test
    void secondsDaysOfTheMonthMonthsAndItsLastDayFireWhenAWatcherSaysSo() {
        var random = new Random(8);
        int fired = 0;
        int onTheLast = 0;
        for (var zone : zones()) {
            var changes = changes(zone);
            Collections.shuffle(changes, random);
            var some = Stream.concat(
                            changes.stream()
                                    .filter(change ->
                                            isLast(change.getDateTimeBefore()) || isLast(change.getDateTimeAfter()))
                                    .limit(1),
                            changes.stream().limit(1))
                    .distinct()
                    .toList();
            for (var change : some) {
                var wanted = IntStream.range(0, CLOSELY_EXPRESSIONS)
                        .mapToObj(index -> wantedAt(change, random))
                        .toList();
                var expressions = wanted.stream().map(Wanted::expression).toList();
                int found = check(zone, change, CLOSELY_AROUND, Duration.ofSeconds(1), wanted, expressions);
                fired += found;
                onTheLast += isLast(change.getDateTimeBefore()) ? found : 0;
            }
        }
        assertThat(fired).isGreaterThan(1000);
        assertThat(onTheLast).isGreaterThan(50);
    }

    private static boolean isLast(LocalDateTime wall) {
        return wall.getDayOfMonth() == wall.toLocalDate().lengthOfMonth();
    }

    /// One for each set of rules.
    private static Collection<ZoneId> zones() {
        Map<ZoneRules, ZoneId> zones = new LinkedHashMap<>();
        new TreeSet<>(ZoneId.getAvailableZoneIds())
                .forEach(id -> zones.putIfAbsent(ZoneId.of(id).getRules(), ZoneId.of(id)));
        return zones.values();
    }

    private static List<ZoneOffsetTransition> changes(ZoneId zone) {
        var changes = new ArrayList<ZoneOffsetTransition>();
        for (var change = zone.getRules().nextTransition(FROM);
                change != null && change.getInstant().isBefore(TO);
                change = zone.getRules().nextTransition(change.getInstant())) {
            changes.add(change);
        }
        return changes;
    }

    /// @return how often they fired
    private static int check(
            ZoneId zone,
            ZoneOffsetTransition change,
            Duration around,
            Duration look,
            List<Wanted> wanted,
            List<CronExpression> expressions) {
        var from = change.getInstant().minus(around);
        var to = change.getInstant().plus(around);
        var watched = watched(zone, from, to, look, wanted);
        for (int i = 0; i < wanted.size(); i++) {
            var found = new ArrayList<Instant>();
            for (var at = expressions.get(i).next(from, zone);
                    !at.isAfter(to);
                    at = expressions.get(i).next(at, zone)) {
                found.add(at);
            }
            assertThat(found)
                    .as("'%s' in %s around %s", expressions.get(i), zone, change)
                    .isEqualTo(watched.get(i));
        }
        return watched.stream().mapToInt(List::size).sum();
    }

    /// A time that is named fires when the clock first shows it or has leapt over it; one that is not named fires
    /// whenever the clock shows it.
    private static List<List<Instant>> watched(
            ZoneId zone, Instant from, Instant to, Duration look, List<Wanted> wanted) {
        var fired = wanted.stream()
                .map(each -> (List<Instant>) new ArrayList<Instant>())
                .toList();
        var latest = LocalDateTime.ofInstant(from, zone);
        for (var at = from.plus(look); !at.isAfter(to); at = at.plus(look)) {
            var wall = LocalDateTime.ofInstant(at, zone);
            var unseen = new ArrayList<LocalDateTime>();
            for (var time = latest.plus(look); !time.isAfter(wall); time = time.plus(look)) {
                unseen.add(time);
            }
            for (int i = 0; i < wanted.size(); i++) {
                var each = wanted.get(i);
                if (each.starred() ? each.fits(wall) : unseen.stream().anyMatch(each::fits)) {
                    fired.get(i).add(at);
                }
            }
            latest = wall.isAfter(latest) ? wall : latest;
        }
        return fired;
    }

    private static Wanted wanted(Random random) {
        boolean starred = random.nextInt(3) == 0;
        return new Wanted(
                Set.of(0),
                some(random, 0, 60, 1 + random.nextInt(4)),
                some(random, 0, 24, 1 + random.nextInt(12)),
                starred ? 1 + random.nextInt(4) : 0,
                Days.of(some(random, 1, 8, 4 + random.nextInt(4))));
    }

    /// What may fire at a change of the clocks, whose day and month are often among those that are named.
    private static Wanted wantedAt(ZoneOffsetTransition change, Random random) {
        var day = change.getDateTimeBefore();
        boolean starred = random.nextInt(3) == 0;
        var days = some(random, 1, 29, random.nextInt(3));
        if (random.nextBoolean()) {
            days.add(day.getDayOfMonth());
        }
        var months = some(random, 1, 13, random.nextInt(2));
        if (!months.isEmpty() || random.nextBoolean()) {
            months.add(day.getMonthValue());
        }
        return new Wanted(
                some(random, 0, 60, 1 + random.nextInt(3)),
                some(random, 0, 60, 1 + random.nextInt(4)),
                some(random, 0, 24, 4 + random.nextInt(12)),
                starred ? 1 + random.nextInt(4) : 0,
                new Days(days, random.nextInt(3) == 0, months, some(random, 1, 8, random.nextInt(3) / 2)));
    }

    private static Set<Integer> some(Random random, int from, int to, int count) {
        return random.ints(from, to).limit(count).boxed().collect(Collectors.toCollection(TreeSet::new));
    }
}
