package io.cairn.client.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Which dead letters are meant; what is absent does not matter. `reason` stands somewhere in why they gave up,
/// `before` is later than when they did, `limit` is the most of them.
public record DeadLetterFilter(
        @Nullable String type,
        @Nullable String lane,
        @Nullable String key,
        @Nullable String reason,
        @Nullable Instant before,
        @Nullable Integer limit) {
    public static DeadLetterFilter all() {
        return new DeadLetterFilter(null, null, null, null, null, null);
    }

    public static DeadLetterFilter ofType(String type) {
        return new DeadLetterFilter(type, null, null, null, null, null);
    }
}
