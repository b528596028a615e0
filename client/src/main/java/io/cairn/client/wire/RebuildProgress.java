package io.cairn.client.wire;

/// How far the next generation of a projection has come, beside the one in use.
public record RebuildProgress(int generation, long done, long total) {}
