package io.cairn.follow;

import io.cairn.event.Event;
import io.cairn.event.EventLog;

/// What keeps events from a leased follower: their stream is parked, an operator skipped them, or they had their
/// effects in the log that this one was made of.
record Withheld(ParkedKeys parked, SkippedEvents skipped, Marks marks) {
    static Withheld by(LeasedWork work, EventLog log) {
        return new Withheld(work.parked(log), work.skipped(log), work.marks(log));
    }

    boolean holds(Event event) {
        return parked.holds(event) || skipped.hold(event) || marks.hold(event);
    }
}
