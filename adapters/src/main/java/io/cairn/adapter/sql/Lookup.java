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
import org.jspecify.annotations.Nullable;

/// Answers many questions of one kind, in the way that is best on its database. What does not exist is not among the
/// answers.
interface Lookup {
    /// @param asked keys or prefixes of keys, all with the same number of parts
    void rows(SqlSession session, Table table, Map<Tenant, Set<RowKey>> asked, BiConsumer<Tenant, Row> found)
            throws SQLException;

    /// How far into each prefix a question goes.
    ///
    /// @param upTo the highest number in the part of the key behind the prefix; null for any
    /// @param limit of rows for each prefix
    record Bounds(@Nullable Long upTo, int limit) {
        /// What is bound behind the prefixes.
        List<Object> arguments() {
            return upTo == null ? List.of(limit) : List.of(upTo, limit);
        }
    }

    /// The first rows of each of several prefixes, which have as many parts each.
    void first(
            SqlSession session,
            Table table,
            Map<Tenant, Set<RowKey>> asked,
            Bounds bounds,
            BiConsumer<Tenant, Row> found)
            throws SQLException;

    List<StoredEvent> stored(SqlSession session, Tenant tenant, Collection<StreamVersion> places) throws SQLException;

    /// The number of parts that each of the keys has.
    static int parts(Map<Tenant, Set<RowKey>> keys) {
        return keys.values().stream()
                .flatMap(Set::stream)
                .findFirst()
                .orElseThrow()
                .parts()
                .size();
    }
}
