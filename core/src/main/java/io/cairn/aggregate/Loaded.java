package io.cairn.aggregate;

/// An aggregate as its events have made it.
///
/// @param version of its stream, 0 if nothing has happened
public record Loaded<S>(S state, long version) {}
