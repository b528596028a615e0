package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// What is wrong with one item or field of a request: which, what was found and what is allowed.
public record ProblemItem(
        @Nullable Integer index,
        @Nullable String field,
        String code,
        String detail,
        @Nullable String found,
        @Nullable String allowed) {}
