package io.cairn.adapter.sql;

import io.cairn.event.StoredEvent;
import io.cairn.event.StreamVersion;
import io.cairn.row.Row;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;

/// Looks up in SQLite, which runs in this process: a prepared statement is carried out for each question, which takes
/// microseconds.
final class SqliteLookup implements Lookup {
    private record Question<T>(Tenant tenant, T about) {}

    @Override
    public void rows(SqlSession session, Table table, Map<Tenant, Set<RowKey>> asked, BiConsumer<Tenant, Row> found)
            throws SQLException {
        ask(
                session,
                RowSql.of(table).select(Lookup.parts(asked), 0),
                questions(asked),
                key -> Stream.concat(key.parts().stream(), Stream.of(Integer.MAX_VALUE))
                        .toList(),
                row -> SqlTypes.row(table, row),
                found);
    }

    @Override
    public void first(
            SqlSession session,
            Table table,
            Map<Tenant, Set<RowKey>> asked,
            Bounds bounds,
            BiConsumer<Tenant, Row> found)
            throws SQLException {
        ask(
                session,
                RowSql.of(table).first(Lookup.parts(asked), bounds.upTo() != null),
                questions(asked),
                key -> Stream.concat(key.parts().stream(), bounds.arguments().stream())
                        .toList(),
                row -> SqlTypes.row(table, row),
                found);
    }

    @Override
    public List<StoredEvent> stored(SqlSession session, Tenant tenant, Collection<StreamVersion> places)
            throws SQLException {
        var events = new ArrayList<StoredEvent>();
        ask(
                session,
                SqlTypes.EVENT + " WHERE tenant = ? AND stream_type = ? AND stream_id = ? AND version = ?",
                questions(Map.of(tenant, Set.copyOf(places))),
                place -> List.of(place.stream().type(), place.stream().id(), place.version()),
                SqlTypes::event,
                (same, event) -> events.add(event));
        return events;
    }

    private static <T> List<Question<T>> questions(Map<Tenant, Set<T>> asked) {
        return asked.entrySet().stream()
                .flatMap(each -> each.getValue().stream().map(about -> new Question<>(each.getKey(), about)))
                .toList();
    }

    /// @param arguments those of the statement that come behind the tenant
    private static <T, R> void ask(
            SqlSession session,
            String sql,
            List<Question<T>> questions,
            Function<T, List<Object>> arguments,
            SqlSession.Reader<R> reader,
            BiConsumer<Tenant, R> found)
            throws SQLException {
        session.listAll(
                sql,
                (question, row) -> {
                    var answer = reader.read(row);
                    found.accept(questions.get(question).tenant(), answer);
                    return answer;
                },
                questions.stream()
                        .map(question -> Stream.concat(
                                        Stream.of(question.tenant().id()), arguments.apply(question.about()).stream())
                                .toArray())
                        .toList());
    }
}
