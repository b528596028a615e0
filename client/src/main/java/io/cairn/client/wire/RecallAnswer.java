package io.cairn.client.wire;

import java.util.List;

/// The hits of a recall, best first, and the position up to which it looked; `stale` when that lags the log's
/// head.
public record RecallAnswer(List<Hit> hits, String position, boolean stale, long tookMs) {
    public RecallAnswer {
        hits = Copy.of(hits);
    }
}
