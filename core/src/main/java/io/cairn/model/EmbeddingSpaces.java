package io.cairn.model;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The embeddings that this server can run: those of the model that it is to use, and those of other models by which an
/// index may still have been made.
///
/// The other models are opened only when an index needs them. An index whose model can no longer be run goes
/// on to be there, and is not asked: words answer until another index was built beside it, or the model is
/// back. Giving it up for an empty one takes an operator's word.
public final class EmbeddingSpaces implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(EmbeddingSpaces.class.getName());

    /// Another model, by name, and how its embeddings are opened.
    public record Other(String model, Supplier<Embeddings> opening) {}

    private final Embeddings wanted;
    private final List<Other> others;
    private final Optional<String> replaced;
    private final Map<Other, Optional<Embeddings>> opened = new HashMap<>();
    private final Map<String, Embeddings> absent = new HashMap<>();

    /// @param wanted those of the model that the configuration names; whoever opened them closes them
    /// @param replaced the name of a model that is given up
    public EmbeddingSpaces(Embeddings wanted, List<Other> others, Optional<String> replaced) {
        this.wanted = wanted;
        this.others = List.copyOf(others);
        this.replaced = replaced;
    }

    /// Where there is one model only.
    public static EmbeddingSpaces only(Embeddings embeddings) {
        return new EmbeddingSpaces(embeddings, List.of(), Optional.empty());
    }

    /// Those of the model that the configuration names.
    public Embeddings wanted() {
        return wanted;
    }

    /// Those that run: of the model that the configuration names, and of others that an index needed.
    public List<Embeddings> running() {
        return Stream.concat(Stream.of(wanted), former().stream()).toList();
    }

    /// Whether an index stays though it was made of something else than is wanted.
    public boolean keeps(String madeOf) {
        return !replaced.equals(Optional.of(EmbeddingSpace.modelOf(madeOf)));
    }

    /// Whether an index can be asked, and stays to be.
    public boolean runs(String madeOf) {
        return keeps(madeOf) && of(madeOf).isPresent();
    }

    /// Those by which an index was made, if this server can run their model.
    ///
    /// @param madeOf the space as it stands in the index
    public synchronized Optional<Embeddings> of(String madeOf) {
        return running().stream()
                .filter(embeddings -> embeddings.isOf(madeOf))
                .findFirst()
                .or(() -> open(madeOf));
    }

    private Optional<Embeddings> open(String madeOf) {
        for (var other : others) {
            if (other.model().equals(EmbeddingSpace.modelOf(madeOf)) && !opened.containsKey(other)) {
                var embeddings = open(other);
                opened.put(other, embeddings);
                if (embeddings.filter(found -> found.isOf(madeOf)).isPresent()) {
                    return embeddings;
                }
            }
        }
        return Optional.empty();
    }

    /// A former model that is broken is no reason not to start.
    private static Optional<Embeddings> open(Other other) {
        try {
            return Optional.of(other.opening().get());
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "The former model ''{0}'' cannot be opened: {1}",
                    other.model(),
                    e.getMessage());
            LOG.log(System.Logger.Level.DEBUG, "It failed here", e);
            return Optional.empty();
        }
    }

    /// Those by which an index was made, or else their [name only][Embeddings#isAbsent()].
    public synchronized Embeddings orAbsent(String madeOf) {
        return of(madeOf).orElseGet(() -> absent.computeIfAbsent(madeOf, this::absent));
    }

    private Embeddings absent(String madeOf) {
        LOG.log(
                System.Logger.Level.WARNING,
                "The dense index was made by {0}, which this server cannot run, so that words answer alone: `cairn"
                        + " models refresh` builds an index of {1} beside it and switches; with the former model back"
                        + " (cairn.models.former-embedding) it answers again",
                madeOf,
                wanted.space());
        return Embeddings.absent(madeOf);
    }

    /// Forgets the vectors of models, of all tenants, on every level. The former model's are asked for while
    /// an index is changed, so that they are in memory, too.
    ///
    /// @throws RuntimeException if a level does not answer; what was removed before stays removed
    public Embeddings.Invalidated invalidate(ModelNames models) {
        var removed = wanted.invalidate(models);
        long memory = former().stream()
                .mapToLong(embeddings -> embeddings.invalidateMemory(models))
                .sum();
        return new Embeddings.Invalidated(removed.memory() + memory, removed.shared(), removed.stored());
    }

    private synchronized List<Embeddings> former() {
        return opened.values().stream().flatMap(Optional::stream).toList();
    }

    @Override
    public synchronized void close() {
        opened.values().forEach(embeddings -> embeddings.ifPresent(Embeddings::close));
    }
}
