package io.cairn.model;

import java.time.Duration;

/// Is told what the gateway does and how long it takes, for metrics.
public interface GatewayMeter {
    /// A model was asked; of a stream, until it began to speak.
    ///
    /// @param outcome `ok`, or the kind of failure
    void queried(String model, String outcome, Duration took);

    /// A stream began to speak.
    void firstToken(String model, Duration after);

    /// A stream that had begun to speak is over.
    ///
    /// @param outcome `ok`, `given_up` where nobody listened any more, or the kind of failure
    void streamed(String model, String outcome);

    /// A call of a provider is over.
    void used(String provider, Usage usage);

    /// Another model was asked in its place.
    void fellBack(String from, String to);
}
