package io.cairn.refresh;

import io.cairn.event.EventLog;
import io.cairn.guard.Loop;
import io.cairn.lease.Lease;
import io.cairn.lease.Leases;
import io.cairn.model.EmbeddingException;
import io.cairn.model.EmbeddingSpaces;
import io.cairn.model.Embeddings;
import io.cairn.passage.Source;
import io.cairn.projection.RolledBack;
import io.cairn.projection.RunningIndex;
import io.cairn.recall.DenseIndex;
import io.cairn.recall.LivePassages;
import io.cairn.recall.Recall;
import io.cairn.recall.VectorSweep.SweepStopped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Carries out changes of the model, one step after the other, on the node that holds their lease.
///
/// How far it is stands in the log's database, vectors stand in their store, and the new index is a generation of the
/// dense one. So whoever goes on after a crash finds all of it there.
public final class RefreshLoop implements Loop.Turn {
    private static final System.Logger LOG = System.getLogger(RefreshLoop.class.getName());
    private static final String LEASE = "models:refresh";
    private static final Duration IDLE = Duration.ofMillis(500);
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration BACKOFF_FIRST = Duration.ofSeconds(1);
    private static final Duration BACKOFF_MAX = Duration.ofSeconds(60);

    /// How often progress is kept. Under a budget it is after each batch, so that a crash forgets no more than one.
    private static final long NOTE_NANOS = Duration.ofMillis(500).toNanos();

    private final EventLog log;
    private final Leases leases;
    private final RunningIndex<DenseIndex> dense;
    private final EmbeddingSpaces spaces;
    private final List<Source> sources;
    private final Function<DenseIndex, Recall> recall;
    private final QuerySample asked;
    private final RefreshSettings settings;
    private final SpendingCount spending;
    private final CostEstimate estimates;
    private final RefreshTable table;
    private @Nullable MissingTexts embedding;

    /// What the model had read when that was noted last.
    private long tokensNoted;

    private long notedNanos;
    private volatile boolean stopping;

    /// @param recall over a dense index, told to no watch
    /// @param spending counts what the models read
    /// @param random draws the texts by which it is estimated what a change takes
    /// @param nanos tells time, as `System::nanoTime` does
    public RefreshLoop(
            EventLog log,
            Leases leases,
            RunningIndex<DenseIndex> dense,
            EmbeddingSpaces spaces,
            List<Source> sources,
            Function<DenseIndex, Recall> recall,
            QuerySample asked,
            RefreshSettings settings,
            SpendingCount spending,
            RandomGenerator random,
            LongSupplier nanos,
            Clock clock) {
        this.log = log;
        this.leases = leases;
        this.dense = dense;
        this.spaces = spaces;
        this.sources = List.copyOf(sources);
        this.recall = recall;
        this.asked = asked;
        this.settings = settings;
        this.spending = spending;
        this.estimates = new CostEstimate(settings, spending, random, nanos);
        this.table = new RefreshTable(log, clock);
    }

    public Loop start() {
        return Loop.inBackground("cairn-refresh", Duration.ZERO, this);
    }

    @Override
    public Duration take() {
        var last = table.last();
        var refresh = last.filter(found -> found.underWay() && !found.paused());
        if (refresh.isEmpty()) {
            embedding = null;
            tokensNoted = tokensRead();
            last.ifPresent(this::dropGivenUp);
            return IDLE;
        }
        var lease = leases.take(LEASE, 0);
        if (lease.isEmpty()) {
            tokensNoted = tokensRead();
            return IDLE;
        }
        return step(refresh.get(), lease.get());
    }

    /// The index of a change that came to nothing is not kept: from the vectors in the store it is soon built again.
    private void dropGivenUp(Refresh last) {
        if ((last.phase() == Phase.CANCELLED || last.phase() == Phase.REFUSED)
                && next(last).isPresent()) {
            dense.dropNext();
        }
    }

    private Duration step(Refresh refresh, Lease lease) {
        return switch (refresh.phase()) {
            case ESTIMATING -> estimate(refresh, lease);
            case EMBEDDING -> embed(refresh, lease);
            case BUILDING -> build(refresh, lease);
            case COMPARING -> compare(refresh, lease);
            case SWITCHING -> takeOver(refresh, lease);
            case ROLLING_BACK -> goBack(refresh, lease);
            case ESTIMATED, SWITCHED, REFUSED, CANCELLED, ROLLED_BACK -> IDLE;
        };
    }

    private Duration estimate(Refresh refresh, Lease lease) {
        var wanted = spaces.wanted();
        if (!wanted.space().isNamed(refresh.to())) {
            return cancelForOther(wanted, lease);
        }
        var found = estimates.of(missing(wanted), wanted);
        long spent = refresh.tokens() + tokensRead() - tokensNoted;
        var refusal = settings.budget().refusal(spent, found.tokens());
        note(lease, now -> afterEstimate(now.estimated(found), refusal));
        return SOON;
    }

    private static Refresh afterEstimate(Refresh estimated, Optional<String> refusal) {
        if (estimated.estimateOnly()) {
            return estimated.ended(Phase.ESTIMATED, refusal.orElse("Nothing else was asked for"));
        }
        return refusal.isPresent() ? estimated.paused(true, refusal) : estimated.in(Phase.EMBEDDING);
    }

    private Duration cancelForOther(Embeddings wanted, Lease lease) {
        note(
                lease,
                now -> now.ended(
                        Phase.CANCELLED,
                        "The configuration now names " + wanted.space().described()));
        return SOON;
    }

    private MissingTexts missing(Embeddings wanted) {
        return new MissingTexts(log, new LivePassages(log, sources, this::stopIfClosing), wanted, settings.batch());
    }

    private long tokensRead() {
        return spending.tokens(spaces.wanted().space().model());
    }

    private Duration embed(Refresh refresh, Lease lease) {
        var wanted = spaces.wanted();
        if (!wanted.space().isNamed(refresh.to())) {
            return cancelForOther(wanted, lease);
        }
        var refusal = refusal(refresh);
        if (refusal.isPresent()) {
            note(lease, now -> now.paused(true, refusal));
            return SOON;
        }
        var texts = embedding;
        if (texts == null) {
            texts = missing(wanted);
            embedding = texts;
        }
        return switch (texts.next()) {
            case MissingTexts.Step.Went(int embedded) -> {
                noteProgress(texts, lease);
                yield settings.atRate(embedded);
            }
            case MissingTexts.Step.Complete() -> {
                long total = texts.total();
                note(lease, now -> now.progress(total, total).in(Phase.BUILDING));
                embedding = null;
                yield Duration.ZERO;
            }
        };
    }

    /// Why the budget does not allow another batch. One of a former release has no estimate, so its batches
    /// count as nothing before they are embedded.
    private Optional<String> refusal(Refresh refresh) {
        long batch = refresh.estimate()
                .map(found -> found.tokensOf(settings.batch()))
                .orElse(0L);
        return settings.budget().refusal(refresh.tokens() + tokensRead() - tokensNoted, batch);
    }

    private void stopIfClosing(long nanosWorked) {
        if (stopping) {
            throw new SweepStopped("the server stops");
        }
    }

    private void noteProgress(MissingTexts texts, Lease lease) {
        if (settings.budget().isLimited() || System.nanoTime() - notedNanos > NOTE_NANOS) {
            notedNanos = System.nanoTime();
            note(lease, now -> now.progress(texts.done(), texts.total()));
        }
    }

    private Duration build(Refresh refresh, Lease lease) {
        var next = next(refresh);
        if (answers(refresh)) {
            note(lease, now -> now.ended(Phase.SWITCHED, "The new index answers"));
        } else if (next.isEmpty()) {
            dense.rebuild(refresh.to());
        } else if (next.get().complete()) {
            note(lease, now -> now.in(Phase.COMPARING));
        }
        return SOON;
    }

    /// The generation that it built, if it is there.
    private Optional<RunningIndex.Next<DenseIndex>> next(Refresh refresh) {
        return dense.next()
                .filter(next -> next.projection().embeddings().space().isNamed(refresh.to()));
    }

    private Duration compare(Refresh refresh, Lease lease) {
        var next = next(refresh);
        if (next.isEmpty()) {
            note(lease, now -> now.in(Phase.BUILDING));
            return SOON;
        }
        if (!next.get().complete()) {
            return SOON;
        }
        if (dense.current().embeddings().isAbsent()) {
            // The old index cannot be asked, so that any that can is better.
            note(lease, now -> now.in(Phase.SWITCHING));
            return Duration.ZERO;
        }
        var judged = settings.questions().map(JudgedQuestion::in).orElse(List.of());
        var comparison = new IndexComparison(dense.current(), next.get().projection(), recall).of(asked.all(), judged);
        var refusal = settings.rule().refusal(comparison);
        note(lease, now -> {
            var compared = now.compared(comparison);
            return refusal.isPresent() && !now.accepted()
                    ? compared.ended(Phase.REFUSED, refusal.get())
                    : compared.in(Phase.SWITCHING);
        });
        return Duration.ZERO;
    }

    private Duration takeOver(Refresh refresh, Lease lease) {
        var next = next(refresh);
        if (answers(refresh)) {
            note(lease, now -> now.ended(Phase.SWITCHED, "The new index answers"));
        } else if (next.isPresent()) {
            dense.takeOver(next.get().number());
        } else {
            note(lease, now -> now.in(Phase.BUILDING));
        }
        return SOON;
    }

    /// Asked after [#next(Refresh)]: asked before, it would miss a switch that happens between the two, and the new
    /// index would seem to be lost.
    private boolean answers(Refresh refresh) {
        return dense.current().embeddings().space().isNamed(refresh.to());
    }

    private Duration goBack(Refresh refresh, Lease lease) {
        var next = next(refresh);
        if (answers(refresh)) {
            note(lease, now -> now.ended(Phase.ROLLED_BACK, "The former index answers again"));
            return SOON;
        }
        if (next.isPresent()) {
            dense.takeOver(next.get().number());
            return SOON;
        }
        switch (dense.rollback()) {
            case RolledBack.Begun begun ->
                LOG.log(
                        System.Logger.Level.INFO,
                        "Generation %d of the dense index catches up to answer again".formatted(begun.generation()));
            case RolledBack.Refused(String reason) -> note(lease, now -> now.ended(Phase.REFUSED, reason));
        }
        return SOON;
    }

    /// What an operator has changed meanwhile stays.
    private void note(Lease lease, UnaryOperator<Refresh> change) {
        var before = table.last();
        long read = tokensRead();
        long more = read - tokensNoted;
        var after = table.change(
                found -> found.map(now -> now.underWay() ? change.apply(now.spent(more)) : now), Optional.of(lease));
        tokensNoted = read;
        after.filter(now -> before.filter(was -> was.phase() == now.phase() && was.paused() == now.paused())
                        .isEmpty())
                .ifPresent(now -> LOG.log(
                        System.Logger.Level.INFO,
                        "The change of the model from %s to %s is %s%s"
                                .formatted(
                                        now.from(),
                                        now.to(),
                                        now.paused() ? "paused" : now.phase().text(),
                                        now.reason().map(": "::concat).orElse(""))));
    }

    @Override
    public Duration failed(RuntimeException failure, int inARow) {
        if (stopping) {
            return Duration.ZERO;
        }
        var pause = Loop.backoff(BACKOFF_FIRST, BACKOFF_MAX, inARow);
        LOG.log(
                System.Logger.Level.WARNING,
                "The change of the model cannot go on; next attempt in %s".formatted(pause),
                failure);
        if (failure instanceof EmbeddingException || failure instanceof IllegalArgumentException) {
            tell(String.valueOf(failure.getMessage()));
        }
        return pause;
    }

    private void tell(String reason) {
        try {
            table.change(found -> found.map(now -> now.underWay() ? now.waiting(reason) : now), Optional.empty());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "Nor can it be kept why", e);
        }
    }

    @Override
    public void wake() {
        stopping = true;
    }
}
