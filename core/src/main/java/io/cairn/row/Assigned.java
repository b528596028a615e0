package io.cairn.row;

/// A value that only the writer knows: it stands in a row change and is replaced when the event is written.
public enum Assigned {
    /// The version that the event got in its stream.
    VERSION,
    /// The number of the event's position in its partition.
    POSITION,
    /// When the event was recorded, in microseconds since 1970.
    RECORDED_AT
}
