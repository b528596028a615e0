package io.cairn.follow;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// How far a follower is, compared with the real heads of the log, or of those partitions that were asked for.
///
/// @param generation that readers use
/// @param positions that readers see, of every partition
/// @param eventsBehind in the partitions together; -1 if it has never run
/// @param lagSeconds the age of the oldest event that readers do not see; empty if it has never run
/// @param stale whether it is too far behind, or has never run
/// @param advancing false if it is behind in a partition and has not moved there for too long
/// @param lastEventAt when the last event that readers see was recorded
/// @param rebuilding how far the next generation is, if one is being built
/// @param failure what keeps it from going on
public record FollowerHealth(
        String name,
        int generation,
        List<Long> positions,
        long eventsBehind,
        OptionalDouble lagSeconds,
        boolean stale,
        boolean advancing,
        Optional<Instant> lastEventAt,
        Optional<Rebuild> rebuilding,
        Optional<String> failure) {
    public FollowerHealth {
        positions = List.copyOf(positions);
    }

    /// The position that readers see of one partition.
    public long position(int partition) {
        return positions.get(partition);
    }

    /// Events that readers see, of all partitions.
    public long events() {
        return positions.stream().mapToLong(Long::longValue).sum();
    }

    /// The progress of a rebuild.
    ///
    /// @param done events of the partitions that it has taken in
    /// @param total events of the partitions
    public record Rebuild(int generation, long done, long total) {}
}
