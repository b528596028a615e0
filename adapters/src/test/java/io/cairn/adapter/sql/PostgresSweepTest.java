package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.model.VectorStore;
import io.cairn.recall.SweepContract;
import io.cairn.row.Table;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresSweepTest extends SweepContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Override
    protected LogStorage create(List<Table> tables) {
        return Watched.log(DATABASE.emptied().settings());
    }

    @Override
    protected VectorStore vectors() {
        return Watched.vectors(DATABASE.settings());
    }
}
