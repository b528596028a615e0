package io.cairn.bus;

import io.cairn.event.LogPlace;
import io.cairn.event.LogStorage;

class InMemoryEventBusTest extends EventBusContract {
    InMemoryEventBusTest() {
        super(LogPlace.inMemory(LogStorage::inMemory));
    }
}
