package io.cairn.recall;

import io.cairn.event.EventLog;
import io.cairn.model.Embeddings;
import io.cairn.passage.Source;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Removes stored vectors that no passage needs any more.
///
/// A vector is live if a text of a passage is its content: of a message in a conversation that is not deleted,
/// or of a chunk of a document's current version. The log is read once more to work out these texts, page by
/// page. Whatever is asked for meanwhile stays as well. Vectors of former models are swept alike, each by a reading of
/// its own: their model may come back, but what was deleted may not.
public final class VectorSweep {
    private final LivePassages live;
    private final Supplier<Embeddings> embeddings;
    private final BooleanSupplier rebuilding;
    private final Pace pace;

    /// @param embeddings those by which the index that answers was made
    /// @param rebuilding whether a generation is being built, which needs vectors of dead passages too: as long
    ///     as that is so nothing is removed
    public VectorSweep(
            EventLog log,
            List<Source> sources,
            Supplier<Embeddings> embeddings,
            BooleanSupplier rebuilding,
            Pace pace) {
        this.live = new LivePassages(log, sources, this::afterPage);
        this.embeddings = embeddings;
        this.rebuilding = rebuilding;
        this.pace = pace;
    }

    /// Rests between two pages, so that others come first.
    @FunctionalInterface
    public interface Pace {
        /// @throws SweepStopped if the sweep has to end now
        void afterPage(long nanosWorked);
    }

    /// The sweep ended early; what it had not finished is as it was.
    public static final class SweepStopped extends RuntimeException {
        public SweepStopped(String reason) {
            super(reason, null, false, false);
        }
    }

    /// Sweeps every tenant's vectors.
    ///
    /// @return how many were removed
    /// @throws SweepStopped if a rebuild began or the pace said so
    public long run() {
        long removed = 0;
        var swept = embeddings.get();
        for (var held : swept.held()) {
            requireNoRebuild();
            removed += swept.sweep(held.tenant(), held.space(), live(held.tenant()));
        }
        return removed;
    }

    private void requireNoRebuild() {
        if (rebuilding.getAsBoolean()) {
            throw new SweepStopped("a projection is being rebuilt");
        }
    }

    /// The texts of all live passages. A rebuild that begins meanwhile ends the sweep before anything is
    /// removed.
    private Stream<String> live(Tenant tenant) {
        return live.of(tenant).flatMap(passage -> passage.meanings().stream().flatMap(List::stream));
    }

    private void afterPage(long nanosWorked) {
        pace.afterPage(nanosWorked);
        requireNoRebuild();
    }
}
