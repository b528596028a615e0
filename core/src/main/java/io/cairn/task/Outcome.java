package io.cairn.task;

import io.cairn.event.StreamAppend;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What became of an attempt, as its handler says.
///
/// A handler may pass on what another server wrote, so nothing is taken for granted here: a reason that is missing and
/// a wait beyond all measure would stop the engine that has to keep them.
public sealed interface Outcome {
    /// The longest wait; what is longer counts as this.
    Duration WAIT_MAX = Duration.ofDays(3650);

    /// The work is done.
    ///
    /// @param effects committed in the same unit of work as the end of the task
    record Done(Effects effects) implements Outcome {
        public Done {
            Objects.requireNonNull(effects, "effects");
        }
    }

    /// It failed for a reason that may pass.
    ///
    /// @param after when to try again, if whoever was asked has said so; otherwise as the policy says
    record Retry(String reason, @Nullable Duration after) implements Outcome {
        public Retry {
            reason = known(reason);
            after = after == null ? null : bounded(after);
        }
    }

    /// It is not yet time; this is no failure, and no attempt is counted.
    record Snooze(Duration time, String reason) implements Outcome {
        public Snooze {
            if (time.isNegative()) {
                throw new IllegalArgumentException("A task snoozes for some time; found " + time);
            }
            time = bounded(time);
            reason = known(reason);
        }
    }

    /// It failed for a reason that does not pass.
    record Dead(String reason) implements Outcome {
        public Dead {
            reason = known(reason);
        }
    }

    private static String known(@Nullable String reason) {
        return reason == null ? "no reason was given" : reason;
    }

    private static Duration bounded(Duration wait) {
        var some = wait.isNegative() ? Duration.ZERO : wait;
        return some.compareTo(WAIT_MAX) > 0 ? WAIT_MAX : some;
    }

    static Outcome done() {
        return new Done(Effects.NONE);
    }

    static Outcome done(Effects effects) {
        return new Done(effects);
    }

    static Outcome retry(String reason) {
        return new Retry(reason, null);
    }

    static Outcome retryAfter(Duration time, String reason) {
        return new Retry(reason, time);
    }

    static Outcome snooze(Duration time, String reason) {
        return new Snooze(time, reason);
    }

    static Outcome dead(String reason) {
        return new Dead(reason);
    }

    /// What is committed with the end of a task, once or not at all.
    ///
    /// @param expectations if one is not met nothing is committed, and the attempt counts as failed
    /// @param rows changes of the task's tenant, such as those of [further tasks][Tasks#enqueue]
    record Effects(List<StreamAppend> appends, List<RowExpectation> expectations, List<RowChange> rows) {
        public static final Effects NONE = new Effects(List.of(), List.of(), List.of());

        public Effects {
            appends = List.copyOf(appends);
            expectations = List.copyOf(expectations);
            rows = List.copyOf(rows);
        }

        public static Effects append(StreamAppend append) {
            return new Effects(List.of(append), List.of(), List.of());
        }

        boolean none() {
            return appends.isEmpty() && expectations.isEmpty() && rows.isEmpty();
        }
    }
}
