package io.cairn.client.wire;

/// How far a running task has come, as its handler says.
public record TaskProgress(long done, long total) {}
