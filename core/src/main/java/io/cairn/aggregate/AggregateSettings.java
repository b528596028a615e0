package io.cairn.aggregate;

/// Limits of aggregates.
///
/// @param snapshotEvery events that are read again before a snapshot saves the next reader from them
/// @param attemptsMax how often a command is decided, where others append meanwhile, before it is given up
/// @param pageEvents events of a stream that are held at once while it is read
public record AggregateSettings(int snapshotEvery, int attemptsMax, int pageEvents) {
    public AggregateSettings {
        if (snapshotEvery < 1 || attemptsMax < 1 || pageEvents < 1) {
            throw new IllegalArgumentException("The limits of aggregates are positive");
        }
    }

    public static AggregateSettings defaults() {
        return new AggregateSettings(100, 10, 200);
    }

    public AggregateSettings snapshotEvery(int events) {
        return new AggregateSettings(events, attemptsMax, pageEvents);
    }

    public AggregateSettings attemptsMax(int attempts) {
        return new AggregateSettings(snapshotEvery, attempts, pageEvents);
    }
}
