package io.cairn.adapter.sql;

import io.cairn.event.LogStorage;
import io.cairn.projection.ProjectionHostContract;
import io.cairn.row.Table;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

class PostgresProjectionHostTest extends ProjectionHostContract {
    @RegisterExtension
    static final TestDatabase DATABASE = new TestDatabase();

    @Override
    protected LogStorage create(List<Table> tables) {
        return Watched.log(DATABASE.emptied().settings());
    }
}
