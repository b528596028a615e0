package io.cairn.bus;

import io.cairn.event.LogPlace;
import io.cairn.event.LogStorage;

class InMemoryWebhookTest extends WebhookContract {
    InMemoryWebhookTest() {
        super(LogPlace.inMemory(tables -> LogStorage.inMemory(tables, 2)));
    }
}
