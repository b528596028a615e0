package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// The secret that replaces another one; one is made if there is none.
public record NewSecret(@Nullable String secret) {}
