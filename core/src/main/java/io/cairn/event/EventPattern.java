package io.cairn.event;

import java.util.regex.Pattern;

/// Which types of events are wanted: `lead.scored` exactly, `lead.*` with all below it, `*` any.
///
/// Each `*` stands for any letters, also none. Users send patterns, so that matching takes no more steps than the
/// letters of the type times those of the pattern, whatever both are: a `*` that was passed is never come back to.
///
/// @param text 1 to 100 of letters, digits, `.`, `_`, `-` and `*`
public record EventPattern(String text) {
    private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._*-]{1,100}");

    public static final EventPattern ANY = new EventPattern("*");

    public EventPattern {
        if (!VALID.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "A pattern of event types has 1 to 100 letters, digits, '.', '_', '-' and '*', such as lead.*");
        }
    }

    public boolean matches(EventType type) {
        var name = type.name();
        int at = 0;
        int here = 0;
        int afterStar = -1;
        int takenByStar = 0;
        while (at < name.length()) {
            if (here < text.length() && text.charAt(here) == '*') {
                afterStar = ++here;
                takenByStar = at;
            } else if (here < text.length() && text.charAt(here) == name.charAt(at)) {
                here++;
                at++;
            } else if (afterStar >= 0) {
                // The last star takes one letter more. What stars before it took need not change: it can take the rest.
                here = afterStar;
                at = ++takenByStar;
            } else {
                return false;
            }
        }
        return text.substring(here).chars().allMatch(letter -> letter == '*');
    }

    @Override
    public String toString() {
        return text;
    }
}
