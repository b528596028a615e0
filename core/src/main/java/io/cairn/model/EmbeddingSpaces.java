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
/// The other models are opened only when an index needs them.
public final class EmbeddingSpaces implements AutoCloseable {
    /// Another model, by name, and how its embeddings are opened.
    public record Other(String model, Supplier<Embeddings> opening) {}

    private final Embeddings wanted;
    private final List<Other> others;
    private final ModelChange change;
    private final Map<Other, Embeddings> opened = new HashMap<>();

    /// @param wanted those of the model that the configuration names; whoever opened them closes them
    /// @param replaced the name of a model that is given up
    public EmbeddingSpaces(Embeddings wanted, List<Other> others, Optional<String> replaced) {
        this.wanted = wanted;
        this.others = List.copyOf(others);
        this.change = new ModelChange(wanted.space(), replaced);
    }

    /// Where there is one model only.
    public static EmbeddingSpaces only(Embeddings embeddings) {
        return new EmbeddingSpaces(embeddings, List.of(), Optional.empty());
    }

    /// Those of the model that the configuration names.
    public Embeddings wanted() {
        return wanted;
    }

    /// Whether an index may go on to answer though it was made of something else than is wanted.
    public boolean keeps(String madeOf) {
        return !change.gaveUp(madeOf) && of(madeOf).isPresent();
    }

    /// Those by which an index was made, if this server can run their model.
    ///
    /// @param madeOf the space as it stands in the index
    public synchronized Optional<Embeddings> of(String madeOf) {
        return Stream.concat(Stream.of(wanted), opened.values().stream())
                .filter(embeddings -> embeddings.isOf(madeOf))
                .findFirst()
                .or(() -> open(madeOf));
    }

    private Optional<Embeddings> open(String madeOf) {
        for (var other : others) {
            if (other.model().equals(EmbeddingSpace.modelOf(madeOf)) && !opened.containsKey(other)) {
                var embeddings = other.opening().get();
                opened.put(other, embeddings);
                if (embeddings.isOf(madeOf)) {
                    return Optional.of(embeddings);
                }
            }
        }
        return Optional.empty();
    }

    /// @throws OtherModelException if an index would be left for an empty one without the operator's word
    public void requireGivenUp(String madeOf) {
        change.require(madeOf);
    }

    @Override
    public synchronized void close() {
        opened.values().forEach(Embeddings::close);
    }
}
