package io.cairn.client.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The hits of a recall, best first, and the position up to which it looked; `stale` when that lags the log's
/// head.
///
/// @param dense whether what was meant was searched as well as the words; null from a server that does not say
/// @param fits whether any hit is relevant enough to be taken for an answer; null from a server that does not say
public record RecallAnswer(
        List<Hit> hits,
        String position,
        boolean stale,
        long tookMs,
        @Nullable DenseLeg dense,
        @Nullable Boolean fits) {
    public RecallAnswer {
        hits = Copy.of(hits);
    }
}
