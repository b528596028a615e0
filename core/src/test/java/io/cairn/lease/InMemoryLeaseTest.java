package io.cairn.lease;

import io.cairn.event.LogPlace;
import io.cairn.event.LogStorage;

class InMemoryLeaseTest extends NodesContract {
    InMemoryLeaseTest() {
        super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 3).sharedByNodes()));
    }
}
