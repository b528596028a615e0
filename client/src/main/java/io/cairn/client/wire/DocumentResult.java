package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// What became of one document of a batch or an import; `index` counts from 0 in the order of the request.
public record DocumentResult(
        int index,
        @Nullable String id,
        @Nullable Integer version,
        DocumentStatus status,
        @Nullable ProblemItem error,
        @Nullable String position) {}
