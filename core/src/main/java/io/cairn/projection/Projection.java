package io.cairn.projection;

import io.cairn.follow.EventSink;

/// One generation of a read model that keeps by itself what it has taken in, such as an index.
public interface Projection extends EventSink, AutoCloseable {
    /// Whether it takes in nothing for now, since what it is made of cannot be had here.
    default boolean rests() {
        return false;
    }

    @Override
    void close();
}
