package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// What is said when a change of the embedding model is begun.
///
/// @param accept whether the new index takes over whatever the comparison says
/// @param estimateOnly whether it is only worked out what the change would take
public record BeginRefresh(
        @Nullable Boolean accept, @Nullable Boolean estimateOnly) {}
