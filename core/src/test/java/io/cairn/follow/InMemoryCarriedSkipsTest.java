package io.cairn.follow;

import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.LogStorage;

/// From two partitions into three.
class InMemoryCarriedSkipsTest extends CarriedSkipsContract {
    @Override
    protected LogStorage source(String name) {
        return new InMemoryLogStorage(name, TABLES, 2, step -> {});
    }

    @Override
    protected LogStorage target(String name) {
        return new InMemoryLogStorage(name, TABLES, 3, step -> {});
    }
}
