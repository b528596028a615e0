package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Cron expressions beside somebody who looks at the clock on the wall each minute, around every change of the
/// clocks that any zone makes from 2020 to 2035.
class CronAgainstClocksTest {
    private static final Instant FROM = Instant.parse("2020-01-01T00:00:00Z");
    private static final Instant TO = Instant.parse("2036-01-01T00:00:00Z");
    private static final Duration AROUND = Duration.ofHours(4);
    private static final int EXPRESSIONS = 12;

    /// What is looked for, kept as sets instead of as text.
    private record Wanted(Set<Integer> minutes, Set<Integer> hours, int everyHours, Set<Integer> weekdays) {
        boolean starred() {
            return everyHours > 0;
        }

        boolean fits(LocalDateTime wall) {
            return minutes.contains(wall.getMinute())
                    && (starred() ? wall.getHour() % everyHours == 0 : hours.contains(wall.getHour()))
                    && weekdays.contains(wall.getDayOfWeek().getValue());
        }

        CronExpression expression() {
            var hour = everyHours == 0 ? list(hours) : everyHours == 1 ? "*" : "*/" + everyHours;
            return CronExpression.parse("%s %s * * %s".formatted(list(minutes), hour, list(weekdays)));
        }

        private static String list(Set<Integer> values) {
            return values.stream().map(String::valueOf).collect(Collectors.joining(","));
        }
    }

    @Test
    void everyExpressionFiresWhenAWatcherOfTheClockSaysSo() {
        var random = new Random(7);
        Map<ZoneRules, ZoneId> zones = new LinkedHashMap<>();
        new TreeSet<>(ZoneId.getAvailableZoneIds())
                .forEach(id -> zones.putIfAbsent(ZoneId.of(id).getRules(), ZoneId.of(id)));
        int changes = 0;
        for (var zone : zones.values()) {
            var wanted = IntStream.range(0, EXPRESSIONS)
                    .mapToObj(index -> wanted(random))
                    .toList();
            var expressions = wanted.stream().map(Wanted::expression).toList();
            for (var change = zone.getRules().nextTransition(FROM);
                    change != null && change.getInstant().isBefore(TO);
                    change = zone.getRules().nextTransition(change.getInstant())) {
                changes++;
                check(zone, change, wanted, expressions);
            }
        }
        assertThat(changes).isGreaterThan(1000);
    }

    private static void check(
            ZoneId zone, ZoneOffsetTransition change, List<Wanted> wanted, List<CronExpression> expressions) {
        var from = change.getInstant().minus(AROUND);
        var to = change.getInstant().plus(AROUND);
        var watched = watched(zone, from, to, wanted);
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
    }

    /// A time that is named fires when the clock first shows it or has leapt over it; one that is not named fires
    /// whenever the clock shows it.
    private static List<List<Instant>> watched(ZoneId zone, Instant from, Instant to, List<Wanted> wanted) {
        var fired = wanted.stream()
                .map(each -> (List<Instant>) new ArrayList<Instant>())
                .toList();
        var latest = LocalDateTime.ofInstant(from, zone);
        for (var at = from.plusSeconds(60); !at.isAfter(to); at = at.plusSeconds(60)) {
            var wall = LocalDateTime.ofInstant(at, zone);
            var unseen = new ArrayList<LocalDateTime>();
            for (var minute = latest.plusMinutes(1); !minute.isAfter(wall); minute = minute.plusMinutes(1)) {
                unseen.add(minute);
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
                some(random, 0, 60, 1 + random.nextInt(4)),
                some(random, 0, 24, 1 + random.nextInt(12)),
                starred ? 1 + random.nextInt(4) : 0,
                some(random, 1, 8, 4 + random.nextInt(4)));
    }

    private static Set<Integer> some(Random random, int from, int to, int count) {
        return random.ints(from, to).limit(count).boxed().collect(Collectors.toCollection(TreeSet::new));
    }
}
