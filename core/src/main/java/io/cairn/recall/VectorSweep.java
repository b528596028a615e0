package io.cairn.recall;

import io.cairn.event.Event;
import io.cairn.event.EventLog;
import io.cairn.event.TenantView;
import io.cairn.model.Embeddings;
import io.cairn.passage.Passages;
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
/// page. Whatever is asked for meanwhile stays as well. Vectors of other models are not touched: they are
/// wanted again when their model is.
public final class VectorSweep {
    private static final int PAGE = 200;

    private final EventLog log;
    private final List<Source> sources;
    private final Passages passages;
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
        this.log = log;
        this.sources = List.copyOf(sources);
        this.passages = new Passages(sources);
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
        for (var tenant : swept.tenants()) {
            requireNoRebuild();
            removed += swept.sweep(tenant, live(tenant));
        }
        return removed;
    }

    private void requireNoRebuild() {
        if (rebuilding.getAsBoolean()) {
            throw new SweepStopped("a projection is being rebuilt");
        }
    }

    private record Page(List<Event> live, long reached, boolean last) {}

    /// The texts of all live passages. A rebuild that begins meanwhile ends the sweep before anything is
    /// removed.
    private Stream<String> live(Tenant tenant) {
        var before = new Page(List.of(), 0, false);
        return Stream.iterate(before, page -> next(tenant, page.reached()))
                .takeWhile(page -> !page.last())
                .flatMap(page -> passages.meanings(page.live()));
    }

    private Page next(Tenant tenant, long position) {
        requireNoRebuild();
        long began = System.nanoTime();
        var page = log.<Page>read(tenant, view -> {
            var events = view.after(position, PAGE);
            return events.isEmpty()
                    ? new Page(List.of(), position, true)
                    : new Page(live(view, events), events.getLast().position().number(), false);
        });
        pace.afterPage(System.nanoTime() - began);
        return page;
    }

    private List<Event> live(TenantView view, List<Event> events) {
        return sources.stream()
                .flatMap(source -> source.living(view, events).stream())
                .toList();
    }
}
