package io.cairn.recall;

import io.cairn.model.Embeddings;
import io.cairn.passage.Passages;
import io.cairn.projection.Generations;
import java.util.function.Supplier;

/// Where the generations of a dense index are kept during a test.
@FunctionalInterface
public interface DensePlace {
    /// The generations that are kept here, which are there again when they are opened again.
    ///
    /// @param passages makes those of one generation
    Generations<DenseIndex> open(Supplier<Passages> passages, Embeddings embeddings);

    /// Fails if searches compared vector by vector, where the index can tell.
    default void requireThatTheGraphWasWalked() {
        // This index does not count its walks.
    }
}
