package io.cairn.server.ops;

import io.cairn.event.EventLog;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What was found out a moment ago, so that the gauges of one scrape, and scrapes that come fast, ask the log once.
final class Recent<T> {
    private final Supplier<T> ask;
    private final long keptNanos;
    private final LongSupplier nanos;
    private @Nullable T known;
    private long askedAt;

    /// @param nanos tells time, as `System::nanoTime` does
    Recent(Supplier<T> ask, Duration kept, LongSupplier nanos) {
        this.ask = ask;
        this.keptNanos = kept.toNanos();
        this.nanos = nanos;
    }

    /// What is counted over many rows. Each count is an operation of its own, whoever asks for it.
    static <T> Recent<T> counted(EventLog log, String what, Supplier<T> ask, LongSupplier nanos) {
        return new Recent<>(
                () -> log.<T, RuntimeException>operation(() -> "counting " + what, 1, ask::get),
                Duration.ofSeconds(5),
                nanos);
    }

    synchronized T now() {
        var recent = known;
        long now = nanos.getAsLong();
        if (recent == null || now - askedAt > keptNanos) {
            recent = ask.get();
            known = recent;
            askedAt = now;
        }
        return recent;
    }
}
