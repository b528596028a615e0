package io.cairn.client.wire;

/// What became of a task that was to be enqueued: `existing` says that one of this id, or of the same deduplication
/// key, was there already.
public record EnqueuedTask(String id, boolean existing) {}
