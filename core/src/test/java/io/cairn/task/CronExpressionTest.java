package io.cairn.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronExpressionTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @ValueSource(strings = {"0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 31 FEB *", "0 0 0 30 2 *", "0 0 30-31 2 */2"})
    void anExpressionThatNeverFiresIsRefused(String text) {
        assertThatThrownBy(() -> CronExpression.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("'%s' never fires: no month that it names has such a day; change its days or its months"
                        .formatted(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "60 * * * *|minute|60",
                "* 24 * * *|hour|24",
                "* * 0 * *|day of the month|0",
                "* * * 13 *|month|13",
                "* * * FOO *|month|FOO",
                "* * * * 8|day of the week|8",
                "*/0 * * * *|minute|*/0",
                "5-1 * * * *|minute|5-1",
                "1,,2 * * * *|minute|''",
                "-1 * * * *|minute|-1",
                "* L * * *|hour|L",
                "* * ** * *|day of the month|**",
                "99 * * * * *|second|99",
                "1.5 * * * *|minute|1.5"
            })
    void aWrongFieldIsNamed(String text, String field, String part) {
        assertThatThrownBy(() -> CronExpression.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("The %s of a cron expression is ".formatted(field))
                .hasMessageContaining("where '%s' is wrong".formatted(part));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "* * * *", "* * * * * * *", "@daily"})
    void anotherNumberOfFieldsIsRefused(String text) {
        assertThatThrownBy(() -> CronExpression.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("A cron expression has five fields");
    }

    @ParameterizedTest
    @CsvSource({
        "0 9 * * 1-5,         2026-01-02T09:00:00, 2026-01-05T09:00:00",
        "0 9 * * MON-FRI,     2026-01-02T08:59:59, 2026-01-02T09:00:00",
        "*/15 * * * *,        2026-01-01T00:00:00, 2026-01-01T00:15:00",
        "5/20 * * * *,        2026-01-01T00:46:00, 2026-01-01T01:05:00",
        "*/10 * * * * *,      2026-01-01T00:00:51, 2026-01-01T00:01:00",
        "30 59 23 31 12 *,    2026-01-01T00:00:00, 2026-12-31T23:59:30",
        "0 0 29 2 *,          2026-01-01T00:00:00, 2028-02-29T00:00:00",
        "0 0 L * *,           2026-02-01T00:00:00, 2026-02-28T00:00:00",
        "0 0 13 * 5,          2026-01-01T12:00:00, 2026-01-02T00:00:00",
        "0 0 13 * 5,          2026-01-09T12:00:00, 2026-01-13T00:00:00",
        "0 0 */2 * 5,         2026-01-02T12:00:00, 2026-01-09T00:00:00",
        "0 0 ? * 7,           2026-01-01T00:00:00, 2026-01-04T00:00:00",
        "0 0 * * 5-7,         2026-01-03T00:00:00, 2026-01-04T00:00:00",
        "0 0 1 JAN-MAR/2 *,   2026-01-01T00:00:00, 2026-03-01T00:00:00",
        "0 0 29 2 */7,        2026-01-01T00:00:00, 2032-02-29T00:00:00"
    })
    void itFiresNextWhenItsFieldsFit(String text, LocalDateTime after, LocalDateTime next) {
        assertThat(CronExpression.parse(text).next(after.toInstant(ZoneOffset.UTC), ZoneOffset.UTC))
                .isEqualTo(next.toInstant(ZoneOffset.UTC));
    }

    @Test
    void theLastDayOfAMonthGoesWithOthers() {
        assertThat(CronExpression.parse("0 0 15,L * *").next(Instant.parse("2026-02-20T00:00:00Z"), ZoneOffset.UTC))
                .isEqualTo(Instant.parse("2026-02-28T00:00:00Z"));
    }

    @Test
    void partsOfASecondAreNoReasonToFireTwice() {
        var each = CronExpression.parse("* * * * * *");
        assertThat(each.next(Instant.parse("2026-01-01T00:00:00.5Z"), BERLIN))
                .isEqualTo(Instant.parse("2026-01-01T00:00:01Z"));
    }

    @Test
    void anHourThatClocksLeapOverFiresWhenTheyDo() {
        assertThat(fires("30 2 * * *", "2026-03-28T12:00:00Z", 2))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:30:00Z");
    }

    @Test
    void manyTimesThatClocksLeapOverAreOne() {
        assertThat(fires("*/15 2-3 * * *", "2026-03-29T00:00:00Z", 2))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T01:15:00Z");
    }

    @Test
    void anHourThatComesTwiceFiresOnce() {
        assertThat(fires("30 2 * * *", "2026-10-24T12:00:00Z", 2))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
        assertThat(fires("30 2 * * *", "2026-10-25T01:00:00Z", 1)).containsExactly("2026-10-26T01:30:00Z");
    }

    @Test
    void everyHourFiresEachHourThatPasses() {
        assertThat(fires("30 * * * *", "2026-10-25T00:00:00Z", 3))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00Z");
        assertThat(fires("0 * * * *", "2026-03-29T00:00:00Z", 2))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z");
        assertThat(fires("0 */2 * * *", "2026-03-28T23:30:00Z", 1)).containsExactly("2026-03-29T02:00:00Z");
    }

    private static List<String> fires(String text, String after, int count) {
        var expression = CronExpression.parse(text);
        var found = new ArrayList<String>();
        for (var at = Instant.parse(after); found.size() < count; found.add(at.toString())) {
            at = expression.next(at, BERLIN);
        }
        return found;
    }
}
