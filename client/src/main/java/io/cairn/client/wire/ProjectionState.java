package io.cairn.client.wire;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/// What a projection is doing.
///
/// The list is open: a newer server may name others, which a client passes through as they are.
public record ProjectionState(@JsonValue String value) {
    public static final ProjectionState RUNNING = new ProjectionState("running");
    public static final ProjectionState REBUILDING = new ProjectionState("rebuilding");
    public static final ProjectionState FAILED = new ProjectionState("failed");
    public static final ProjectionState STOPPED = new ProjectionState("stopped");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ProjectionState {}

    @Override
    public String toString() {
        return value;
    }
}
