package io.cairn.client.wire;

/// A lane, and what is in it: `ready` counts the tasks that may be started or run, of all nodes; `waiting` those behind
/// the head of their key; `running` those that this node runs.
public record LaneStatus(String name, String order, int bound, long ready, long waiting, long running) {}
