package io.cairn.recall;

import io.cairn.event.EventLog;
import io.cairn.event.Position;
import io.cairn.event.StorageException;
import io.cairn.model.EmbeddingException;
import io.cairn.model.Embeddings;
import io.cairn.model.Payer;
import io.cairn.passage.PassageRef;
import io.cairn.passage.Source;
import io.cairn.projection.DamagedException;
import io.cairn.projection.RunningIndex;
import io.cairn.text.Language;
import io.cairn.text.LanguageDetector;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Recall by words and by meaning, fused, and looked up in the log at the end.
///
/// A query first waits, within bounds, until everything that was acknowledged when it came is in the lexical
/// index. If the model or the dense index fails, the words alone answer; if the lexical index is damaged, the meaning
/// does until it is made anew.
public final class HybridRecall implements Recall {
    private static final System.Logger LOG = System.getLogger(HybridRecall.class.getName());
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final EventLog log;
    private final List<Source> sources;
    private final RunningIndex<? extends LexicalIndex> lexical;
    private final Supplier<? extends DenseIndex> dense;
    private final LanguageDetector detector;
    private final RecallSettings settings;
    private final DenseWatch watch;
    private final Unread unread;

    public HybridRecall(
            EventLog log,
            List<Source> sources,
            RunningIndex<? extends LexicalIndex> lexical,
            Supplier<? extends DenseIndex> dense,
            LanguageDetector detector,
            RecallSettings settings) {
        this(log, sources, lexical, dense, detector, settings, DenseWatch.none());
    }

    /// @param dense the index that is asked from now on; each query is embedded as its vectors were
    /// @param watch is told of every search by meaning
    public HybridRecall(
            EventLog log,
            List<Source> sources,
            RunningIndex<? extends LexicalIndex> lexical,
            Supplier<? extends DenseIndex> dense,
            LanguageDetector detector,
            RecallSettings settings,
            DenseWatch watch) {
        this.log = log;
        this.sources = List.copyOf(sources);
        this.lexical = lexical;
        this.dense = dense;
        this.detector = detector;
        this.settings = settings;
        this.watch = watch;
        this.unread = new Unread(log, this.sources, settings);
    }

    @Override
    public Recalled recall(Payer payer, Query query) {
        var tenant = payer.tenant();
        int partition = log.partition(tenant);
        long head = log.head(partition).number();
        var wanted = query.minPosition();
        if (wanted.filter(position -> !isHere(position, partition)).isPresent()) {
            return new Recalled.PositionMoved(log.position(partition, head));
        }
        if (wanted.isPresent() && !reached(partition, wanted.get().number(), settings.positionWait())) {
            return new Recalled.NotYet(log.position(partition, lexical.current().visible(partition)), RETRY_AFTER);
        }
        boolean fresh = reached(partition, head, settings.freshWait());
        long visible = lexical.current().visible(partition);
        boolean complete = dense.get().visible(partition) >= head;
        var legs = legs(payer, query, settings.candidatesMax());
        var hits = Hydration.hits(log, tenant, sources, legs.ranked(), query);
        if (hits.size() < query.limit() && legs.mayHide(query)) {
            legs = legs(payer, query, settings.groupedCandidatesMax());
            hits = Hydration.hits(log, tenant, sources, legs.ranked(), query);
        }
        var spoke = complete ? Recalled.Dense.COMPLETE : Recalled.Dense.BEHIND;
        return new Recalled.Answer(
                hits,
                log.position(partition, visible),
                !(fresh && legs.worded()),
                legs.meant() ? spoke : Recalled.Dense.SILENT,
                hits.stream()
                        .anyMatch(hit -> hit.relevance() >= settings.relevance().fits()));
    }

    private boolean isHere(Position position, int partition) {
        return position.epoch().equals(log.epoch()) && position.partition() == partition;
    }

    private boolean reached(int partition, long position, Duration waitMax) {
        try {
            return lexical.awaitVisible(partition, position, waitMax);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// What both legs found together.
    ///
    /// @param worded whether the lexical leg could be asked
    /// @param meant whether the dense leg could be asked, so that it had something to say
    /// @param full whether there may be more than was found
    private record Legs(List<Fusion.Ranked> ranked, boolean worded, boolean meant, boolean full) {
        /// Whether candidates of the same groups may hide others that are relevant enough.
        boolean mayHide(Query query) {
            return full
                    && !query.groupBy().isEmpty()
                    && ranked.stream()
                            .allMatch(candidate ->
                                    candidate.relevance() >= query.threshold().orElse(0));
        }
    }

    /// Both legs at once: a query takes as long as the slower of them.
    private Legs legs(Payer payer, Query query, int candidatesMax) {
        var tenant = payer.tenant();
        var names = asked(index -> index.names(tenant, query.text())).orElse(Set.of());
        var fusion = new Fusion(settings, query.text(), names);
        var words = new FutureTask<>(
                () -> asked(index -> index.search(tenant, query.text(), names, query.filters(), candidatesMax)));
        var meanings = new FutureTask<>(() -> meanings(payer, query, fusion, words, candidatesMax));
        Thread.ofVirtual().name("cairn-recall-dense").start(meanings);
        words.run();
        var found = found(meanings);
        var worded = words.resultNow();
        var lexical = worded.orElse(List.of());
        var meant = found.orElseGet(() -> new Meant(List.of(), ids(lexical)));
        return new Legs(
                fusion.rank(lexical, meant.candidates(), meant.unread()),
                worded.isPresent(),
                found.isPresent(),
                lexical.size() >= candidatesMax || meant.candidates().size() >= candidatesMax);
    }

    /// What the lexical index says; nothing if it is damaged.
    private <T> Optional<T> asked(Function<LexicalIndex, T> question) {
        try {
            return Optional.of(question.apply(lexical.current()));
        } catch (DamagedException e) {
            LOG.log(System.Logger.Level.DEBUG, "A query is answered by its meaning alone", e);
            return Optional.empty();
        }
    }

    /// What the dense leg found.
    ///
    /// @param unread ids of what the words found and it knows nothing of
    private record Meant(List<Candidate> candidates, Set<String> unread) {}

    private static Set<String> ids(Collection<Candidate> candidates) {
        return candidates.stream().map(candidate -> candidate.ref().id()).collect(Collectors.toSet());
    }

    /// What the dense leg found, or nothing if the query could not be embedded or the index not be asked.
    ///
    /// @param words what the other leg finds meanwhile
    private Optional<Meant> meanings(
            Payer payer, Query query, Fusion fusion, Future<Optional<List<Candidate>>> words, int candidatesMax)
            throws InterruptedException, ExecutionException {
        var tenant = payer.tenant();
        var index = dense.get();
        if (index.embeddings().isAbsent()) {
            return Optional.empty();
        }
        if (index.passages() == 0 && words.get().orElse(List.of()).isEmpty()) {
            return Optional.of(new Meant(List.of(), Set.of()));
        }
        var vector = vector(payer, index.embeddings(), query.text(), fusion.names());
        if (vector.isEmpty()) {
            return Optional.empty();
        }
        watch.searched(index, tenant, query.text(), vector.get(), query.filters());
        var nearest = index.search(tenant, vector.get(), query.filters(), candidatesMax, false);
        var lexical = words.get().orElse(List.of());
        boolean all = nearest.size() < candidatesMax;
        var unsettled = Fusion.unsettled(lexical, nearest, all ? lexical.size() : query.limit());
        var compared = all ? List.<Candidate>of() : index.compare(tenant, vector.get(), unsettled);
        var settled = ids(compared);
        var left = unsettled.stream().filter(ref -> !settled.contains(ref.id())).toList();
        var read = unread.read(tenant, index.embeddings(), vector.get(), left);
        var blank = left.stream().map(PassageRef::id).collect(Collectors.toCollection(HashSet::new));
        blank.removeAll(ids(read));
        return Optional.of(new Meant(
                Stream.of(nearest, compared, read).flatMap(List::stream).toList(), blank));
    }

    private static Optional<Meant> found(FutureTask<Optional<Meant>> meanings) {
        try {
            return meanings.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while a query was answered", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DamagedException damaged) {
                LOG.log(System.Logger.Level.DEBUG, "A query is answered by its words alone", damaged);
                return Optional.empty();
            }
            if (e.getCause() instanceof EmbeddingException || e.getCause() instanceof StorageException) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "A query is answered by its words alone, since its meaning cannot be searched",
                        e.getCause());
                return Optional.empty();
            }
            throw new IllegalStateException("A query could not be answered by its meaning", e.getCause());
        }
    }

    /// The query's vector, unless the model does not know its language or its characters.
    private Optional<float[]> vector(Payer payer, Embeddings embeddings, String query, Set<String> names) {
        var language = detector.detect(query).map(Language::tag);
        if (language.filter(tag -> !embeddings.understands(tag)).isPresent() || !embeddings.reads(query)) {
            return Optional.empty();
        }
        var whole = embeddings.query(payer, query);
        return Optional.of(SpeakerNames.without(names, query)
                .map(rest -> blended(whole, embeddings.query(payer, rest)))
                .orElse(whole));
    }

    private float[] blended(float[] whole, float[] rest) {
        var weighted = Arrays.copyOf(rest, rest.length);
        for (int i = 0; i < weighted.length; i++) {
            weighted[i] = whole[i] + (float) settings.nameless() * rest[i];
        }
        return PassageVectors.normalised(weighted);
    }
}
