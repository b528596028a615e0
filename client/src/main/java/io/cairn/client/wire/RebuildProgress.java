package io.cairn.client.wire;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How far the next generation of a projection has come, beside the one in use.
public record RebuildProgress(
        int generation, long done, long total, @Nullable Instant startedAt) {}
