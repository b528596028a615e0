package io.cairn.projection;

import io.cairn.follow.EventSink;

/// One generation of a read model that keeps by itself what it has taken in, such as an index.
public interface Projection extends EventSink, AutoCloseable {
    @Override
    void close();
}
