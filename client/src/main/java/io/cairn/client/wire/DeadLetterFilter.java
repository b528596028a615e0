package io.cairn.client.wire;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which dead letters are meant; what is absent does not matter. `reason` stands somewhere in why they
/// gave up, `before` is later than when they did, `limit` is the most of them (1,000 if absent), and
/// `ids` are the tasks'.
public record DeadLetterFilter(
        @Nullable String type,
        @Nullable String lane,
        @Nullable String key,
        @Nullable String reason,
        @Nullable Instant before,
        @Nullable Integer limit,
        @Nullable List<String> ids) {
    /// An empty list stays one: it names none, where null means that it does not matter.
    public DeadLetterFilter {
        ids = ids == null ? null : Copy.of(ids);
    }

    public static DeadLetterFilter all() {
        return new DeadLetterFilter(null, null, null, null, null, null, null);
    }

    public static DeadLetterFilter ofType(String type) {
        return new DeadLetterFilter(type, null, null, null, null, null, null);
    }

    public static DeadLetterFilter ofIds(List<String> ids) {
        return new DeadLetterFilter(null, null, null, null, null, null, ids);
    }
}
