package io.cairn.follow;

/// The outcome of an operator's skip.
public sealed interface Skipped {
    /// The follower goes on without these events, and takes in what the stream gets from now on.
    ///
    /// @param events that it does without
    record Done(long events) implements Skipped {}

    /// The stream is not parked.
    record NotParked() implements Skipped {}
}
