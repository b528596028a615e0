package io.cairn.adapter.sql;

import io.cairn.event.Recorded;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamId;
import io.cairn.event.StreamVersion;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.sql.Array;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// Looks up in PostgreSQL, which is a trip away: all questions go there together. Each is answered through the index,
/// however large the table is and whatever its statistics say.
final class PostgresLookup implements Lookup {
    private static final String EVENTS = """
        SELECT event_id, stream_type, stream_id, version, position, of_tenant
        FROM unnest(?, ?) AS asked (of_tenant, of_id) CROSS JOIN LATERAL (
            SELECT * FROM event WHERE tenant = asked.of_tenant AND event_id = asked.of_id LIMIT 1) found
        """;

    private static final String VERSIONS = """
        SELECT of_type, of_id, version, of_tenant
        FROM unnest(?, ?, ?) AS asked (of_tenant, of_type, of_id) CROSS JOIN LATERAL (
            SELECT version FROM event
            WHERE tenant = asked.of_tenant AND stream_type = asked.of_type AND stream_id = asked.of_id
            ORDER BY version DESC LIMIT 1) found
        """;

    private static final String STORED = SqlTypes.EVENT_COLUMNS + """
         FROM unnest(?, ?, ?) AS asked (of_type, of_id, of_version) CROSS JOIN LATERAL (
            SELECT * FROM event
            WHERE tenant = ? AND stream_type = asked.of_type AND stream_id = asked.of_id
                AND version = asked.of_version
            LIMIT 1) found
        """;

    /// Questions that are sent together, each with what takes in its answers.
    static final class Asked {
        private final List<Message> questions = new ArrayList<>();
        private final List<SqlSession.Taker> takers = new ArrayList<>();

        void add(SqlSession.Taker taker, String statement, Object... values) {
            questions.add(Message.of(statement, values));
            takers.add(taker);
        }

        void send(SqlSession session) throws SQLException {
            session.ask(Message.joined(questions), takers);
        }
    }

    void events(SqlSession session, Map<Tenant, Set<UUID>> asked, BiConsumer<Tenant, Recorded> found, Asked into)
            throws SQLException {
        into.add(
                row -> found.accept(new Tenant(row.getString(6)), SqlTypes.recorded(row)),
                EVENTS,
                tenants(session, asked),
                array(session, "bytea", all(asked, SqlTypes::bytes)));
    }

    /// The last version of each stream.
    void versions(
            SqlSession session, Map<Tenant, Set<StreamId>> asked, BiConsumer<Tenant, StreamVersion> found, Asked into)
            throws SQLException {
        into.add(
                row -> found.accept(
                        new Tenant(row.getString(4)),
                        new StreamVersion(new StreamId(row.getString(1), row.getString(2)), row.getLong(3))),
                VERSIONS,
                tenants(session, asked),
                array(session, "text", all(asked, StreamId::type)),
                array(session, "text", all(asked, StreamId::id)));
    }

    void rows(
            SqlSession session, Table table, Map<Tenant, Set<RowKey>> asked, BiConsumer<Tenant, Row> found, Asked into)
            throws SQLException {
        int tenant = table.columns().size() + 1;
        into.add(
                row -> found.accept(new Tenant(row.getString(tenant)), SqlTypes.row(table, row)),
                RowSql.of(table).selectAll(Lookup.parts(asked)),
                keys(session, table, asked).toArray());
    }

    private static List<Object> keys(SqlSession session, Table table, Map<Tenant, Set<RowKey>> asked)
            throws SQLException {
        var arguments = new ArrayList<Object>();
        arguments.add(tenants(session, asked));
        for (int i = 0; i < Lookup.parts(asked); i++) {
            int part = i;
            var type = session.dialect().types(table.key().get(part).type()).getFirst();
            arguments.add(array(session, type, all(asked, key -> key.parts().get(part))));
        }
        return arguments;
    }

    @Override
    public void rows(SqlSession session, Table table, Map<Tenant, Set<RowKey>> asked, BiConsumer<Tenant, Row> found)
            throws SQLException {
        var message = new Asked();
        rows(session, table, asked, found, message);
        message.send(session);
    }

    @Override
    public void first(
            SqlSession session,
            Table table,
            Map<Tenant, Set<RowKey>> asked,
            Bounds bounds,
            BiConsumer<Tenant, Row> found)
            throws SQLException {
        int tenant = table.columns().size() + 1;
        var arguments = keys(session, table, asked);
        arguments.addAll(bounds.arguments());
        var message = new Asked();
        message.add(
                row -> found.accept(new Tenant(row.getString(tenant)), SqlTypes.row(table, row)),
                RowSql.of(table).firstOfAll(Lookup.parts(asked), bounds.upTo() != null),
                arguments.toArray());
        message.send(session);
    }

    @Override
    public List<StoredEvent> stored(SqlSession session, Tenant tenant, Collection<StreamVersion> places)
            throws SQLException {
        return session.list(
                STORED,
                SqlTypes::event,
                array(
                        session,
                        "text",
                        places.stream().map(place -> place.stream().type())),
                array(
                        session,
                        "text",
                        places.stream().map(place -> place.stream().id())),
                array(session, "bigint", places.stream().map(StreamVersion::version)),
                tenant.id());
    }

    private static <T> Array tenants(SqlSession session, Map<Tenant, Set<T>> asked) throws SQLException {
        return array(
                session,
                "text",
                asked.entrySet().stream()
                        .flatMap(each -> each.getValue().stream()
                                .map(one -> each.getKey().id())));
    }

    /// The arguments in the order of [#tenants].
    private static <T> Stream<Object> all(Map<Tenant, Set<T>> asked, Function<T, Object> part) {
        return asked.values().stream().flatMap(each -> each.stream().map(part));
    }

    private static Array array(SqlSession session, String type, Stream<?> values) throws SQLException {
        return session.connection()
                .createArrayOf(type, type.equals("bytea") ? values.toArray(byte[][]::new) : values.toArray());
    }
}
