package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// The body of `POST /v1/projections/{name}/parked/retry`: one key, or all of them when absent.
public record RetryParked(@Nullable String key) {}
