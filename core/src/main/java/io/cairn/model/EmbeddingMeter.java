package io.cairn.model;

import java.time.Duration;

/// Who is told what embedding does and costs.
public interface EmbeddingMeter {
    /// A call of the model has ended.
    void called(String provider, Status status, Duration took);

    /// A cache level was asked for so many texts; whoever was missed goes on to the next level.
    void lookedUp(Level level, int hits, int misses);

    /// Tokens that a model did not get to see, because no way was found to fit them into its window: stays 0.
    void cut(String provider, long tokens);

    /// How a call of the model ended.
    enum Status {
        OK,
        FAILED,
        TIMED_OUT
    }

    /// A level of the cache, in the order in which they are asked.
    enum Level {
        MEMORY,
        STORE
    }

    static EmbeddingMeter none() {
        return new EmbeddingMeter() {
            @Override
            public void called(String provider, Status status, Duration took) {}

            @Override
            public void lookedUp(Level level, int hits, int misses) {}

            @Override
            public void cut(String provider, long tokens) {}
        };
    }
}
