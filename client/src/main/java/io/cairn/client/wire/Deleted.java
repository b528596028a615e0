package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// What a deletion answers: from this position on, nobody reads it any more.
public record Deleted(String position, @Nullable String id) {}
