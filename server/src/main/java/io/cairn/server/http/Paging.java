package io.cairn.server.http;

import io.cairn.client.wire.Page;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How much of a list is wanted: so many items.
public record Paging(int limit) {
    private static final int LIMIT_DEFAULT = 100;
    private static final int LIMIT_MAX = 1000;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    public static Paging of(@Nullable String limit) {
        if (limit == null) {
            return new Paging(LIMIT_DEFAULT);
        }
        long number = number("limit", limit);
        if (number < 1 || number > LIMIT_MAX) {
            throw Field.of("limit").invalid(limit, "1 to " + LIMIT_MAX);
        }
        return new Paging((int) number);
    }

    /// A cursor that is a number; 0 where none was given.
    public static long numberAfter(@Nullable String after) {
        return after == null ? 0 : number("after", after);
    }

    /// A number in an address.
    public static long number(String name, String text) {
        if (!NUMBER.matcher(text).matches()) {
            throw Field.of(name).invalid("'" + Field.shown(text) + "'", "a whole number");
        }
        return Long.parseLong(text);
    }

    /// To be asked for, so that it shows whether there is another page.
    public int oneMore() {
        return limit + 1;
    }

    /// A page of what was found by asking for one item more.
    public <T, W> Page<W> page(List<T> found, Function<T, W> wire, Function<T, String> cursor) {
        var items = found.subList(0, Math.min(limit, found.size()));
        return new Page<>(
                items.stream().map(wire).toList(), found.size() > limit ? cursor.apply(items.getLast()) : null);
    }
}
