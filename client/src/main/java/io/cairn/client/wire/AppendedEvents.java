package io.cairn.client.wire;

/// What an append to a stream answers: its place in the log and the stream's version after it.
public record AppendedEvents(String position, long version) {}
