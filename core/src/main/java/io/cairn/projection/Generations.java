package io.cairn.projection;

import java.util.Optional;

/// Where the generations of one projection are kept.
///
/// @param <P> the projection, as its readers know it
public interface Generations<P extends Projection> extends AutoCloseable {
    /// A generation with its number, from 1.
    record Generation<P extends Projection>(int number, P projection) implements Succession.Numbered {}

    /// The name of the place where they are kept, if each node has generations of its own; a restart does not
    /// change it. Nothing where all nodes share them.
    default Optional<String> place() {
        return Optional.empty();
    }

    /// The generation that readers use; the first one is made when there is none.
    Generation<P> current();

    /// The generation that is to take over, if one is under way.
    Optional<Generation<P>> next();

    /// Begins a new, empty generation beside the current one, in place of one that was under way. The former one is
    /// given up.
    Generation<P> begin();

    /// The same with a generation that is made of something else than the current one.
    ///
    /// @param madeOf what else but the log decides what it holds, such as the space of its vectors
    /// @throws IllegalArgumentException if none can be made of that
    default Generation<P> begin(String madeOf) {
        throw new IllegalArgumentException("No generation can be made of " + madeOf);
    }

    /// Whether the next generation is made of something else than the current one, and takes over only when it is told
    /// to.
    default boolean waits() {
        return false;
    }

    /// Gives up the next generation, if one is under way.
    default void drop() {
        throw new UnsupportedOperationException("Only a generation that waits is given up");
    }

    /// What the former generation is made of, if there is one that can come back and it is known.
    default Optional<String> former() {
        return Optional.empty();
    }

    /// Why the former generation cannot come back; nothing if it can.
    Optional<String> noWayBack();

    /// Makes the former generation the next one.
    ///
    /// @throws IllegalStateException if there is no way back
    Generation<P> revive();

    /// Makes the next generation the current one. The former one is kept for a rollback until another is begun.
    ///
    /// @return false if another node has taken the current one further meanwhile, so that the next one is still
    ///     behind
    boolean promote();

    @Override
    void close();
}
