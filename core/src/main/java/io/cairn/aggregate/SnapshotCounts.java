package io.cairn.aggregate;

/// What became of snapshots since the process began.
///
/// @param used reads that began with one
/// @param kept written
/// @param discarded found, but broken, of a changed form, or about a forgotten subject
/// @param impossible not kept, since the state is too large or of too many subjects
/// @param failed not kept, since the store could not
public record SnapshotCounts(long used, long kept, long discarded, long impossible, long failed) {}
