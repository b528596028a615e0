package io.cairn.client.wire;

import org.jspecify.annotations.Nullable;

/// Which embedding model answers, and which one the configuration names.
///
/// @param answering the space of the index that answers: model, fingerprint and dimensions
/// @param wanted the space of the model that the configuration names
/// @param outdated whether these differ, so that a refresh would change the index
/// @param former the space of the index that a rollback goes back to
/// @param refresh the last change, under way or ended
/// @param absent whether the model that made the index cannot be run here, so that words answer alone
public record ModelsStatus(
        String answering,
        String wanted,
        boolean outdated,
        @Nullable String former,
        @Nullable RefreshStatus refresh,
        @Nullable Boolean absent) {}
