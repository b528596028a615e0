package io.cairn.bench;

/// Another event store with its connections.
interface Peer extends AppendBench.Append, AutoCloseable {
    @Override
    void close();
}
