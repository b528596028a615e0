package io.cairn.event;

import java.util.List;

/// Judges what is to be appended by what is known of its types; every append but that of an import passes here.
@FunctionalInterface
public interface Admission {
    /// Whether a unit of work may go in.
    sealed interface Verdict {
        /// It may, whatever else happens.
        record Granted() implements Verdict {}

        /// It may if the stream still has this version when the unit's turn comes; otherwise it is judged again.
        record Provided(StreamId stream, long version) implements Verdict {}

        record Refused(List<PayloadFault> faults) implements Verdict {
            public Refused {
                faults = List.copyOf(faults);
            }
        }
    }

    /// Called by the appending thread, before anything is sealed.
    ///
    /// @param anew whether a verdict on this unit rested on what has changed since
    Verdict judge(EventLog log, Unit unit, boolean anew);

    /// Lets everything in.
    static Admission all() {
        return (log, unit, anew) -> new Verdict.Granted();
    }
}
