package io.cairn.task;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One field of a cron expression: which values fit, as bits.
///
/// @param starred whether it begins with `*`, so that it restricts nothing by itself
/// @param last whether the last day of a month fits
record CronField(long bits, boolean starred, boolean last) {
    /// What a field counts.
    enum Unit {
        SECOND("second", 0, 59),
        MINUTE("minute", 0, 59),
        HOUR("hour", 0, 23),
        DAY_OF_MONTH("day of the month", 1, 31),
        MONTH("month", 1, 12, "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
        DAY_OF_WEEK("day of the week", 0, 7, "SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");

        private static final Pattern PART =
                Pattern.compile("(?:(\\*)|([A-Z]{3}|\\d{1,2})(?:-([A-Z]{3}|\\d{1,2}))?)(?:/(\\d{1,3}))?");

        private final String title;
        private final int min;
        private final int max;
        private final List<String> names;

        Unit(String title, int min, int max, String... names) {
            this.title = title;
            this.min = min;
            this.max = max;
            this.names = List.of(names);
        }

        CronField parse(String field) {
            long bits = 0;
            boolean last = false;
            for (var part : field.toUpperCase(Locale.ROOT).split(",", -1)) {
                if (this == DAY_OF_MONTH && part.equals("L")) {
                    last = true;
                } else {
                    bits |= bits(field, this != DAY_OF_MONTH && this != DAY_OF_WEEK ? part : part.replace('?', '*'));
                }
            }
            return new CronField(bits, field.startsWith("*") || field.startsWith("?"), last);
        }

        private long bits(String field, String part) {
            var matcher = PART.matcher(part);
            if (!matcher.matches()) {
                throw wrong(field, part);
            }
            boolean step = matcher.group(4) != null;
            int from = matcher.group(1) != null ? min : number(field, matcher, 2);
            int to = matcher.group(3) != null
                    ? number(field, matcher, 3)
                    : matcher.group(1) != null || step ? (this == DAY_OF_WEEK ? 6 : max) : from;
            int by = step ? Integer.parseInt(matcher.group(4)) : 1;
            if (by == 0 || from > to) {
                throw wrong(field, part);
            }
            long bits = 0;
            for (int value = from; value <= to; value += by) {
                bits |= 1L << (this == DAY_OF_WEEK ? value % 7 : value);
            }
            return bits;
        }

        private int number(String field, Matcher matcher, int group) {
            var word = matcher.group(group);
            int named = names.indexOf(word);
            if (named >= 0) {
                return named + min;
            }
            if (!Character.isDigit(word.charAt(0))) {
                throw wrong(field, word);
            }
            int number = Integer.parseInt(word);
            if (number < min || number > max) {
                throw wrong(field, word);
            }
            return number;
        }

        private IllegalArgumentException wrong(String field, String part) {
            return new IllegalArgumentException(
                    "The %s of a cron expression is '%s', where '%s' is wrong; allowed are %d to %d%s%s, '*', ranges such as %d-%d with the smaller value first, steps such as */2, and lists of these with commas"
                            .formatted(
                                    title,
                                    field,
                                    part,
                                    min,
                                    max,
                                    names.isEmpty() ? "" : ", " + names.getFirst() + " to " + names.getLast(),
                                    this == DAY_OF_MONTH ? ", 'L' for the last one" : "",
                                    min,
                                    min + 3));
        }
    }

    boolean has(int value) {
        return (bits & 1L << value) != 0;
    }

    int first() {
        return from(0);
    }

    /// The smallest value that fits and is not below `value`, or -1.
    int from(int value) {
        long rest = value > 63 ? 0 : bits & -1L << value;
        return rest == 0 ? -1 : Long.numberOfTrailingZeros(rest);
    }
}
