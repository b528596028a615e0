package io.cairn.follow;

import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.LogPlace;

class InMemoryReactionTest extends ReactionContract {
    InMemoryReactionTest() {
        super(LogPlace.inMemory(
                tables -> InMemoryLogStorage.failing(tables, 3, step -> {}).sharedByNodes()));
    }
}
