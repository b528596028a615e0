package io.cairn.refresh;

import io.cairn.event.EventLog;
import io.cairn.feature.Feature;
import io.cairn.model.EmbeddingSpace;
import io.cairn.model.EmbeddingSpaces;
import io.cairn.model.Embeddings;
import io.cairn.projection.RunningIndex;
import io.cairn.recall.DenseIndex;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// Changes of the model of the dense index, as operators see them.
///
/// What is asked for here is kept in the log's database, and done by the [RefreshLoop] of one node.
public final class ModelRefresh {
    /// What became of the wish to go back.
    public sealed interface Back {
        record Begun(Refresh refresh) implements Back {}

        record Refused(String reason) implements Back {}
    }

    /// Which model answers, and which one is to.
    ///
    /// @param answering the space of the index that answers, as [EmbeddingSpace#described()] tells it
    /// @param wanted the space of the model that the configuration names
    /// @param former the space of the index that a rollback goes back to
    /// @param last the last change, under way or ended
    /// @param absent whether the model of the index cannot be run here, so that words answer alone
    public record Status(
            String answering,
            String wanted,
            boolean outdated,
            Optional<String> former,
            Optional<Refresh> last,
            boolean absent) {}

    private final RefreshTable table;
    private final RunningIndex<DenseIndex> dense;
    private final EmbeddingSpaces spaces;
    private final Clock clock;

    public ModelRefresh(EventLog log, RunningIndex<DenseIndex> dense, EmbeddingSpaces spaces, Clock clock) {
        this.table = new RefreshTable(log, clock);
        this.dense = dense;
        this.spaces = spaces;
        this.clock = clock;
    }

    public static Feature feature() {
        return Feature.named("refresh").tables(List.of(RefreshTable.TABLE));
    }

    public Status status() {
        var answering = dense.current().embeddings();
        var wanted = wanted().described();
        return new Status(
                answering.described(),
                wanted,
                !answering.described().equals(wanted),
                former().map(EmbeddingSpace::described),
                last(),
                answering.isAbsent());
    }

    private EmbeddingSpace answering() {
        return dense.current().embeddings().space();
    }

    private EmbeddingSpace wanted() {
        return spaces.wanted().space();
    }

    /// Whether the index that answers was made by another model than the one that the configuration names.
    public boolean outdated() {
        return !answering().equals(wanted());
    }

    /// The last change, under way or ended.
    public Optional<Refresh> last() {
        return table.last();
    }

    /// Begins a change to the model that the configuration names, unless one is under way or none is needed.
    ///
    /// @param accept whether the new index takes over whatever the comparison says, also where one is under way
    /// @param by who asks
    /// @return what is there afterwards
    public Optional<Refresh> begin(boolean accept, String by) {
        return begin(
                by,
                refresh -> refresh.estimateOnly(false).accepted(accept || refresh.accepted()),
                begun -> begun.accepted(accept));
    }

    /// Works out what a change would take, and leaves it at that, unless one is under way.
    ///
    /// @param by who asks
    /// @return what is there afterwards
    public Optional<Refresh> estimate(String by) {
        return begin(by, UnaryOperator.identity(), begun -> begun.estimateOnly(true));
    }

    private Optional<Refresh> begin(String by, UnaryOperator<Refresh> underWay, UnaryOperator<Refresh> begun) {
        var from = dense.current().embeddings().described();
        var to = wanted().described();
        boolean outdated = outdated();
        return table.change(
                found -> {
                    if (found.filter(Refresh::underWay).isPresent()) {
                        return found.map(underWay);
                    }
                    return outdated
                            ? Optional.of(
                                    begun.apply(Refresh.begun(Phase.ESTIMATING, from, to, false, by, clock.instant())))
                            : found;
                },
                Optional.empty());
    }

    /// Begins one, unless an operator gave up this very change, or went back from it, or changed to a model that only
    /// other nodes know yet.
    public Optional<Refresh> beginByItself(String by) {
        var to = wanted().described();
        boolean absent = dense.current().embeddings().isAbsent();
        boolean decided = table.last()
                .filter(last -> last.to().equals(to) || last.from().equals(to))
                .filter(last -> last.phase() == Phase.CANCELLED
                        || last.phase() == Phase.ROLLED_BACK
                        || absent && last.phase() == Phase.SWITCHED)
                .isPresent();
        return decided ? table.last() : begin(false, by);
    }

    public Optional<Refresh> pause() {
        return underWay(refresh -> refresh.phase() == Phase.ROLLING_BACK
                ? refresh
                : refresh.paused(true, Optional.of("An operator paused it")));
    }

    public Optional<Refresh> resume() {
        return underWay(refresh -> refresh.paused() ? refresh.paused(false, Optional.empty()) : refresh);
    }

    /// Gives up what is under way; vectors that were made are kept for another time.
    public Optional<Refresh> cancel() {
        return underWay(refresh -> refresh.phase() == Phase.SWITCHING || refresh.phase() == Phase.ROLLING_BACK
                ? refresh
                : refresh.ended(Phase.CANCELLED, "An operator gave it up"));
    }

    private Optional<Refresh> underWay(UnaryOperator<Refresh> change) {
        return table.change(
                found -> found.map(refresh -> refresh.underWay() ? change.apply(refresh) : refresh), Optional.empty());
    }

    /// The model of the former index, if that can answer again.
    private Optional<EmbeddingSpace> former() {
        return dense.former().flatMap(spaces::of).map(Embeddings::space).filter(space -> !space.equals(answering()));
    }

    /// Goes back to the former index, once that has caught up.
    public Back rollback(String by) {
        var under = table.last().filter(Refresh::underWay);
        if (under.filter(refresh -> refresh.phase() == Phase.ROLLING_BACK).isPresent()) {
            return new Back.Begun(under.get());
        }
        if (under.isPresent()) {
            return new Back.Refused("A change of the model is under way; cancel it first");
        }
        if (dense.isRebuilding()) {
            return new Back.Refused("The dense index is being rebuilt; a rollback has to wait until that is done");
        }
        var former = former();
        if (former.isEmpty()) {
            return new Back.Refused(
                    "There is no index of another model that this server can run: one is kept after a change of the"
                            + " model, until the next change or rebuild begins");
        }
        var begun = Refresh.begun(
                Phase.ROLLING_BACK,
                dense.current().embeddings().described(),
                former.get().described(),
                true,
                by,
                clock.instant());
        return new Back.Begun(table.change(
                        found -> found.filter(Refresh::underWay).or(() -> Optional.of(begun)), Optional.empty())
                .orElseThrow());
    }
}
