package io.cairn.model;

import java.time.Duration;

/// Is told what embedding does and how long it takes, for metrics.
public interface EmbeddingMeter {
    /// A call of the model has ended.
    void called(String provider, Status status, Duration took);

    /// A level of the cache was asked for texts; those that it did not have are asked of the next level.
    void lookedUp(Level level, int hits, int misses);

    /// Tokens that did not fit into the model's window and were left out. The count stays 0, since long texts are
    /// divided.
    void cut(String provider, long tokens);

    /// Another provider of the model was asked in place of one. The count is there from the start, at 0.
    void fellBack(String from, String to, int times);

    /// Texts that the provider does not take, which stay without vectors. The count is there from the start, at 0.
    void refused(String provider, int texts);

    /// How a call of the model ended.
    enum Status {
        OK,
        FAILED,
        TIMED_OUT
    }

    /// A level of the cache, in the order in which they are asked.
    enum Level {
        MEMORY,
        REDIS,
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

            @Override
            public void fellBack(String from, String to, int times) {}

            @Override
            public void refused(String provider, int texts) {}
        };
    }
}
