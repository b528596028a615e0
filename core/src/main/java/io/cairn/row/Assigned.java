package io.cairn.row;

/// A placeholder in a row change for a value that is known only when the event is written.
public enum Assigned {
    /// The version that the event got in its stream.
    VERSION,
    /// The number of the event's position in its partition.
    POSITION,
    /// When the event was recorded, in microseconds since 1970.
    RECORDED_AT,
    /// For rows that follow from no event: a number that is higher than each one given before in the partition, by
    /// whichever node. It is close to the time, in microseconds since 1970.
    ORDER
}
