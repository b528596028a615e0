package io.cairn.server.http;

import io.cairn.client.wire.ProblemItem;
import io.cairn.event.Names;
import io.cairn.event.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A place in a request, such as `messages[3].role`: checks what stands there and names itself when it refuses.
///
/// @param index of the item of a list to which the place belongs
public record Field(String path, @Nullable Integer index) {
    private static final int ERRORS_MAX = 20;
    private static final int SHOWN_MAX = 60;

    /// Payloads are read back inside of other JSON, so they stay well below what a parser takes.
    private static final int DEPTH_MAX = 100;

    private static final int EXPONENT_MAX = 10_000;

    public static Field of(String name) {
        return new Field(name, null);
    }

    public Field at(String name) {
        return new Field(path.isEmpty() ? name : path + "." + name, index);
    }

    /// An item of a list.
    public static Field item(String list, int index) {
        return of(list).at(index);
    }

    private Field at(int item) {
        return new Field(path + "[" + item + "]", index == null ? item : index);
    }

    /// The value, which must be there.
    public <T> T required(@Nullable T value) {
        if (value == null) {
            throw refused("missing", path + " is missing", "nothing", "a value");
        }
        return value;
    }

    /// Text that every store can hold, of 1 to so many characters.
    public String text(@Nullable String value, int lengthMax) {
        var text = wellFormed(required(value));
        if (text.isEmpty() || text.length() > lengthMax) {
            throw invalid(text.length() + " characters", "1 to " + lengthMax + " characters");
        }
        return text;
    }

    /// Text that is more than blanks.
    public String word(@Nullable String value, int lengthMax) {
        var word = text(value, lengthMax);
        if (word.isBlank()) {
            throw invalid("nothing but blanks", "1 to " + lengthMax + " characters");
        }
        return word;
    }

    public @Nullable String optionalWord(@Nullable String value, int lengthMax) {
        return value == null ? null : word(value, lengthMax);
    }

    /// A time that the log can keep.
    public @Nullable Instant optionalTime(@Nullable Instant value) {
        return value == null ? null : built(value, () -> Times.checked(path, value));
    }

    /// Text without U+0000 and lone surrogates.
    public String wellFormed(String value) {
        return built(value, () -> {
            Names.text(path, value);
            return value;
        });
    }

    /// JSON whose every text is well-formed, whose numbers can be computed with and that is not nested too deeply.
    public JsonNode json(JsonNode value) {
        check(value, 0);
        return value;
    }

    /// JSON of so many characters at most.
    public JsonNode json(JsonNode value, long lengthMax) {
        requireLength(value, lengthMax);
        return json(value);
    }

    /// An object of so many characters at most as JSON; one that is too large is never made.
    public JsonNode json(Map<String, @Nullable Object> value, long lengthMax) {
        requireLength(value, lengthMax);
        return json(Json.node(value));
    }

    private void requireLength(Object value, long lengthMax) {
        long length = Json.length(value);
        if (length > lengthMax) {
            throw invalid(length + " characters of JSON", "at most " + lengthMax + " characters of JSON");
        }
    }

    private void check(JsonNode value, int depth) {
        if (depth > DEPTH_MAX) {
            throw invalid("deeper nesting", "at most " + DEPTH_MAX + " levels");
        }
        if (value.isString()) {
            wellFormed(value.asString());
        }
        if (value.isBigDecimal() && Math.abs((long) value.decimalValue().scale()) > EXPONENT_MAX) {
            throw invalid("a number that is out of range", "an exponent of at most " + EXPONENT_MAX);
        }
        for (var entry : value.properties()) {
            wellFormed(entry.getKey());
            at(shown(entry.getKey())).check(entry.getValue(), depth + 1);
        }
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                at(i).check(value.get(i), depth + 1);
            }
        }
    }

    /// What the core makes of the value; what it refuses is refused here, with its words.
    public <T> T built(@Nullable Object value, Supplier<T> building) {
        try {
            return building.get();
        } catch (IllegalArgumentException e) {
            throw refused("invalid", String.valueOf(e.getMessage()), shown(value), null);
        }
    }

    /// Each item of a list of 1 to so many; all items that are refused are named together.
    public <T, R> List<R> each(@Nullable List<T> items, int countMax, BiFunction<Field, T, R> one) {
        var all = count(items, countMax);
        var built = new ArrayList<R>();
        var errors = new ArrayList<ProblemItem>();
        for (int i = 0; i < all.size() && errors.size() < ERRORS_MAX; i++) {
            try {
                built.add(one.apply(at(i), at(i).required(all.get(i))));
            } catch (Refusal refusal) {
                if (refusal.errors().isEmpty()) {
                    throw refusal;
                }
                errors.addAll(refusal.errors());
            }
        }
        if (!errors.isEmpty()) {
            throw Trouble.INVALID.because(errors.getFirst().detail(), errors);
        }
        return built;
    }

    /// The list, which has to have 1 to so many items.
    public <T> List<T> count(@Nullable List<T> items, int countMax) {
        if (items == null || items.isEmpty()) {
            throw refused("missing", path + " is empty", "no items", "1 to " + countMax + " items");
        }
        if (items.size() > countMax) {
            throw Trouble.BATCH_TOO_LARGE.because(
                    "%s has %d items; max-batch-size allows %d".formatted(path, items.size(), countMax),
                    List.of(new ProblemItem(
                            null,
                            path,
                            "too_many",
                            "Too many items",
                            Integer.toString(items.size()),
                            "1 to " + countMax + " items (max-batch-size)")));
        }
        return items;
    }

    public Refusal invalid(String found, String allowed) {
        return refused("invalid", "%s has to be %s; found %s".formatted(path, allowed, found), found, allowed);
    }

    Refusal unknown(List<String> known) {
        return refused("unknown", path + " is not a field here", path, String.join(", ", known));
    }

    private Refusal refused(String code, String detail, @Nullable String found, @Nullable String allowed) {
        return Trouble.INVALID.because(
                detail, List.of(new ProblemItem(index, path, code, printable(detail), found, allowed)));
    }

    /// A value as it may be shown: short, and without what would disturb a terminal or break an encoder.
    public static String shown(@Nullable Object value) {
        if (value == null) {
            return "nothing";
        }
        var text = value instanceof Map<?, ?> ? "an object" : value.toString();
        int end = text.offsetByCodePoints(0, Math.min(SHOWN_MAX, text.codePointCount(0, text.length())));
        var start = text.substring(0, end) + (end < text.length() ? "…" : "");
        return printable(start);
    }

    static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}|\\p{Cs}", "?");
    }
}
