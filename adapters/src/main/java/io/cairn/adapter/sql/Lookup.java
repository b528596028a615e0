package io.cairn.adapter.sql;

import io.cairn.event.StoredEvent;
import io.cairn.event.StreamVersion;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;

/// Answers many questions of one kind by one statement, however a database does that best; what is not there is not
/// among the answers.
interface Lookup {
    /// @param asked keys or prefixes of keys, which have as many parts each
    void rows(SqlSession session, Table table, Map<Tenant, Set<RowKey>> asked, BiConsumer<Tenant, Row> found)
            throws SQLException;

    List<StoredEvent> stored(SqlSession session, Tenant tenant, Collection<StreamVersion> places) throws SQLException;

    /// How many parts each of the keys has.
    static int parts(Map<Tenant, Set<RowKey>> keys) {
        return keys.values().iterator().next().iterator().next().parts().size();
    }
}
