package io.cairn.client.wire;

/// A lane, and what is in it: `ready` counts the tasks that may be started or run, of all nodes;
/// `waiting` those behind the head of their key; `running` those that this node runs. `order` is
/// `not_configured`, and `bound` 0, where tasks are left of a lane that the node's settings no longer
/// name: it starts none of them.
public record LaneStatus(String name, String order, int bound, long ready, long waiting, long running) {}
