package io.cairn.follow;

import io.cairn.event.EventLog;
import io.cairn.event.PartitionUnit;
import java.util.List;

/// What a leased follower does: a reaction, and what must hold when its effects are committed.
///
/// @param generation of what the reaction makes; each has checkpoints and parked streams of its own
/// @param alone whether nobody else changes the rows that the reaction reads, and there are none before its first
///     commit: then rows are remembered from one batch to the next
/// @param conditions besides the fence and the checkpoint
public record LeasedWork(Reaction reaction, int generation, boolean alone, List<PartitionUnit.Expectation> conditions) {
    public LeasedWork {
        conditions = List.copyOf(conditions);
    }

    String name() {
        return reaction.name();
    }

    Checkpoint checkpoint(EventLog log, int partition) {
        return Checkpoint.read(log, name(), generation, partition);
    }

    /// The checkpoint that counts the skips of a partition, for whichever generation they were decided.
    Checkpoint decisions(EventLog log, int partition) {
        return Checkpoint.ofDecisions(log, name(), partition);
    }

    ParkedKeys parked(EventLog log) {
        return new ParkedKeys(log, name(), generation);
    }

    SkippedEvents skipped(EventLog log) {
        return new SkippedEvents(log, name());
    }

    PendingEffects effects(PendingRows rows) {
        return new PendingEffects(reaction, rows);
    }

    /// The rows as they are at a checkpoint.
    PendingRows rows(EventLog log, Checkpoint checkpoint) {
        return alone && checkpoint.revision() == 0 ? PendingRows.overNothing(log) : PendingRows.over(log);
    }
}
