package io.cairn.server.wiring;

import io.cairn.bus.WebhookTables;
import io.cairn.feature.Features;
import io.cairn.knowledge.Documents;
import io.cairn.ledger.Ledger;
import io.cairn.memory.Conversations;
import io.cairn.refresh.ModelRefresh;
import io.cairn.saga.Sagas;
import io.cairn.task.TaskEngine;
import java.util.List;

/// The features of a whole Cairn. Whoever adds one adds it here, and nowhere else in the wiring of the log.
final class CairnFeatures {
    static final Features ALL = Features.of(List.of(
            Conversations.feature(),
            Documents.feature(),
            TaskEngine.feature(),
            Sagas.feature(),
            Ledger.feature(),
            WebhookTables.feature(),
            ModelRefresh.feature()));

    private CairnFeatures() {}
}
