package io.cairn.follow;

/// What became of the wish to skip a parked stream.
public sealed interface Skipped {
    /// The projection goes on without these events; what the stream gets from now on it takes in.
    ///
    /// @param events that it does without
    record Done(long events) implements Skipped {}

    /// The stream is not parked.
    record NotParked() implements Skipped {}
}
