package io.cairn.adapter.sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes of one transaction that wait to be sent together, so that a server far away is not waited for at
/// each.
///
/// Writes to one table are carried out in their order; tables do not depend on each other.
final class PendingWrites {
    private record Write(String sql, Object[] arguments) {}

    private final SqlSession session;
    private final int countMax;
    private final Map<String, List<Write>> tables = new LinkedHashMap<>();
    private int count;

    PendingWrites(SqlSession session) {
        this.session = session;
        this.countMax = session.dialect().writesAtOnce();
    }

    void add(String table, String sql, Object... arguments) throws SQLException {
        tables.computeIfAbsent(table, name -> new ArrayList<>()).add(new Write(sql, arguments));
        if (++count >= countMax) {
            session.more(1);
            send();
        }
    }

    /// To be called before the table is read.
    void sendFor(String table) throws SQLException {
        if (tables.containsKey(table)) {
            send();
        }
    }

    void send() throws SQLException {
        count = 0;
        for (var writes : tables.values()) {
            send(writes);
        }
        tables.clear();
    }

    private void send(List<Write> writes) throws SQLException {
        int from = 0;
        for (int to = 1; to <= writes.size(); to++) {
            var sql = writes.get(from).sql();
            if (to == writes.size() || !writes.get(to).sql().equals(sql)) {
                session.updateAll(
                        sql,
                        writes.subList(from, to).stream().map(Write::arguments).toList());
                from = to;
            }
        }
    }
}
