package io.cairn.client;

/// What came of an append to a stream.
public sealed interface Appended {
    /// The events are durable; an append that was made before with the same ids answers so, too.
    record Written(String position, long version) implements Appended {}

    /// Nothing was appended, because the stream stands elsewhere than expected.
    record Conflict(long actualVersion) implements Appended {}
}
