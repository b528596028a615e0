package io.cairn.server.ops;

import io.cairn.model.EmbeddingMeter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Locale;

/// What embedding does and costs, as metrics.
public final class MicrometerEmbeddingMeter implements EmbeddingMeter {
    private final MeterRegistry meters;

    public MicrometerEmbeddingMeter(MeterRegistry meters) {
        this.meters = meters;
        for (var level : Level.values()) {
            lookedUp(level, 0, 0);
        }
    }

    @Override
    public void called(String provider, Status status, Duration took) {
        meters.counter("embedding.requests", "provider", provider, "status", name(status))
                .increment();
        Timer.builder("embedding.duration")
                .tag("provider", provider)
                .publishPercentileHistogram()
                .register(meters)
                .record(took);
    }

    @Override
    public void lookedUp(Level level, int hits, int misses) {
        lookedUp(level, "hit", hits);
        lookedUp(level, "miss", misses);
    }

    private void lookedUp(Level level, String result, int count) {
        meters.counter("embedding.cache.requests", "level", name(level), "result", result)
                .increment(count);
    }

    @Override
    public void cut(String provider, long tokens) {
        meters.counter("embedding.cut.tokens", "provider", provider).increment(tokens);
    }

    @Override
    public void fellBack(String from, String to, int times) {
        meters.counter("embedding.fallbacks", "from", from, "to", to).increment(times);
    }

    @Override
    public void refused(String provider, int texts) {
        meters.counter("embedding.refused.texts", "provider", provider).increment(texts);
    }

    private static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
