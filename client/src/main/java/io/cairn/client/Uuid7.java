package io.cairn.client;

import java.time.InstantSource;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Ids whose first half is the time in milliseconds, so that they sort by when they were made (RFC 9562,
/// version 7).
record Uuid7(InstantSource clock, RandomGenerator random) implements Supplier<String> {
    @Override
    public String get() {
        long high = (clock.millis() << 16) | 0x7000 | (random.nextLong() & 0x0fff);
        long low = (random.nextLong() >>> 2) | 0x8000_0000_0000_0000L;
        return new UUID(high, low).toString();
    }
}
