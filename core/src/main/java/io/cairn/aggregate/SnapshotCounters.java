package io.cairn.aggregate;

import java.util.concurrent.atomic.LongAdder;

/// Counts what becomes of snapshots.
final class SnapshotCounters {
    final LongAdder used = new LongAdder();
    final LongAdder kept = new LongAdder();
    final LongAdder discarded = new LongAdder();
    final LongAdder impossible = new LongAdder();
    final LongAdder failed = new LongAdder();

    SnapshotCounts now() {
        return new SnapshotCounts(used.sum(), kept.sum(), discarded.sum(), impossible.sum(), failed.sum());
    }
}
