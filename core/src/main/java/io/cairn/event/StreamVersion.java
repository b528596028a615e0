package io.cairn.event;

/// The place of one event in its stream.
public record StreamVersion(StreamId stream, long version) {}
