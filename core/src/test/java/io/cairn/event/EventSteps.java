package io.cairn.event;

import io.cairn.seal.MasterKey;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;

/// Steps of a log that has no threads, for a scheduler in another package.
public final class EventSteps {
    private EventSteps() {}

    /// A log whose time is its scheduler's.
    public static EventLog log(
            LogStorage storage,
            MasterKey master,
            List<InlineProjection> inline,
            Ids ids,
            SecureRandom random,
            LongSupplier nanos) {
        return EventLog.on(storage)
                .sealedWith(master)
                .inline(inline)
                .ids(ids)
                .random(random)
                .nanos(nanos)
                .open();
    }

    public static CompletableFuture<Appended> submit(EventLog log, Unit unit) {
        return log.submit(unit);
    }

    /// @return whether anything waited
    public static boolean write(EventLog log, int partition) {
        return log.stepNow(partition);
    }

    public static void doubtHeads(EventLog log) {
        log.doubtHeads();
    }

    /// Begins to build the tables of an inline projection anew.
    public static Rebuild rebuild(EventLog log, String projection) {
        var rebuild = log.inline().prepare(projection);
        rebuild.begin();
        return new Rebuild(rebuild);
    }

    /// A rebuild that is under way.
    public static final class Rebuild {
        private final InlineRebuild rebuild;
        private boolean ready;

        private Rebuild(InlineRebuild rebuild) {
            this.rebuild = rebuild;
        }

        public void step() {
            ready = rebuild.ready(rebuild.step());
        }

        /// Whether it may be finished.
        public boolean ready() {
            return ready;
        }

        public void finish() {
            rebuild.finish();
        }
    }
}
