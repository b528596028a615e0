package io.cairn.client.wire;

/// What asking for a rebuild answers: the generation that is being built.
public record RebuildStarted(String name, int generation) {}
