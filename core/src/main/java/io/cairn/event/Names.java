package io.cairn.event;

import java.util.regex.Pattern;

/// The rules for names and ids that stand in the log in clear.
public final class Names {
    public static final int ID_LENGTH_MAX = 512;

    /// A subject can be a whole stream: its type, a slash and its id.
    private static final int SUBJECT_LENGTH_MAX = 100 + 1 + ID_LENGTH_MAX;

    private static final Pattern TYPE = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,99}");

    private Names() {}

    static void type(String what, String name) {
        if (!TYPE.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "A %s is 1 to 100 letters, digits, '.', '_' or '-' and starts with a letter; found '%s'"
                            .formatted(what, shown(name)));
        }
    }

    /// Refuses what cannot serve as an id: empty, too long, or with characters that stores and logs would mangle.
    public static void id(String what, String id) {
        id(what, id, ID_LENGTH_MAX);
    }

    static void subject(String subject) {
        id("subject", subject, SUBJECT_LENGTH_MAX);
    }

    private static void id(String what, String id, int lengthMax) {
        if (id.isEmpty() || id.length() > lengthMax) {
            throw new IllegalArgumentException(
                    "A %s has 1 to %d characters; found %d".formatted(what, lengthMax, id.length()));
        }
        text(what, id);
        if (id.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("A %s has no control characters; found '%s'".formatted(what, shown(id)));
        }
    }

    /// Refuses text with U+0000 or a lone surrogate, which not every store can hold.
    public static void text(String what, String text) {
        int offset = 0;
        while (offset < text.length()) {
            int point = text.codePointAt(offset);
            if (point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
                throw new IllegalArgumentException("A %s cannot contain %s (at character %d)"
                        .formatted(what, point == 0 ? "U+0000" : "a lone surrogate", offset));
            }
            offset += Character.charCount(point);
        }
    }

    private static String shown(String text) {
        var start = text.length() > 60 ? text.substring(0, 60) + "…" : text;
        return start.replaceAll("\\p{Cntrl}", "?");
    }
}
