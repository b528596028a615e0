package io.cairn.saga;

import io.cairn.event.LogPlace;
import io.cairn.event.LogStorage;

class InMemorySagaTest extends SagaContract {
    InMemorySagaTest() {
        super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 2).sharedByNodes()));
    }
}
