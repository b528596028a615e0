package io.cairn.follow;

import io.cairn.event.EventLog;
import io.cairn.event.PartitionUnit;
import java.util.List;

/// What a leased follower does: a reaction, and what must hold when its effects are committed.
///
/// @param generation of what the reaction makes; each has checkpoints and parked streams of its own
/// @param alone whether nobody else changes the rows that the reaction reads, and there are none before its first
///     commit: then rows are remembered from one batch to the next
/// @param lasting whether what it did is state, which is never made anew: then the last event of each tenant is marked
/// @param conditions besides the fence and the checkpoint
public record LeasedWork(
        Reaction reaction, int generation, boolean alone, boolean lasting, List<PartitionUnit.Expectation> conditions) {
    static final int REACTION = 1;

    public LeasedWork {
        conditions = List.copyOf(conditions);
    }

    /// What a reaction does; it has one generation, since what it did has happened.
    static LeasedWork of(Reaction reaction) {
        return new LeasedWork(reaction, REACTION, false, true, List.of());
    }

    /// What a generation of a read model does, whose rows nobody else changes.
    public static LeasedWork of(Reaction projection, int generation, List<PartitionUnit.Expectation> conditions) {
        return new LeasedWork(projection, generation, true, false, conditions);
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
        return lasting ? ParkedKeys.ofReaction(log, name(), generation) : new ParkedKeys(log, name(), generation);
    }

    Marks marks(EventLog log) {
        return lasting ? Marks.of(log, name()) : Marks.none(log, name());
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
