package io.cairn.follow;

import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.LogStorage;
import io.cairn.row.Table;
import java.util.List;

class InMemoryReactionTest extends ReactionContract {
    @Override
    protected LogStorage create(List<Table> tables) {
        return InMemoryLogStorage.failing(tables, 3, step -> {}).sharedByNodes();
    }

    @Override
    protected LogStorage again(LogStorage opened) {
        return opened;
    }
}
