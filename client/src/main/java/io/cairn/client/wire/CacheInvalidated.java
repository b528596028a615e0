package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// How many vectors were removed from the cache.
///
/// @param memory of the node that was asked
/// @param redis null where there is none
/// @param store in which they are kept for good
public record CacheInvalidated(long memory, @Nullable Long redis, long store) {}
