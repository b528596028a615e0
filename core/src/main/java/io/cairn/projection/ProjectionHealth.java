package io.cairn.projection;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/// How a projection stands towards the real head of the log.
///
/// @param generation that readers use
/// @param position that readers see
/// @param eventsBehind -1 if it has never run
/// @param lagSeconds the age of the oldest event that readers do not see; empty if it has never run
/// @param stale whether it is too far behind, or has never run
/// @param advancing false if it is behind and has not moved for too long, whatever it says of itself
/// @param lastEventAt when the last event that readers see was recorded
/// @param rebuilding how far the next generation is, if one is being built
/// @param failure what keeps it from going on now
public record ProjectionHealth(
        String name,
        int generation,
        long position,
        long eventsBehind,
        OptionalDouble lagSeconds,
        boolean stale,
        boolean advancing,
        Optional<Instant> lastEventAt,
        Optional<Rebuild> rebuilding,
        Optional<String> failure) {

    /// The progress of a rebuild.
    public record Rebuild(int generation, long position, long head) {}
}
