package io.cairn.bench.axon4;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.axonframework.common.jdbc.DataSourceConnectionProvider;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcSQLErrorCodesResolver;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.serialization.json.JacksonSerializer;

/// Axon Framework 4's JDBC storage of events: its tables for PostgreSQL and its JSON serializer.
///
/// It is called directly, without the bus above it, and each append commits by itself: one statement, one round
/// trip, one flush, which is the least that it can do. It neither seals nor chains, and its positions come from a
/// sequence.
public final class JdbcEngine implements Consumer<String> {
    record Happened(String text) {}

    private final JdbcEventStorageEngine engine;
    private final Happened event;
    private final Map<String, Long> sequences = new ConcurrentHashMap<>();

    /// With its tables, anew, on connections that commit by themselves.
    public JdbcEngine(DataSource connections, String text) {
        event = new Happened(text);
        var json = JacksonSerializer.defaultSerializer();
        engine = JdbcEventStorageEngine.builder()
                .connectionProvider(new DataSourceConnectionProvider(connections))
                .transactionManager(NoTransactionManager.instance())
                .eventSerializer(json)
                .snapshotSerializer(json)
                .persistenceExceptionResolver(new JdbcSQLErrorCodesResolver())
                .build();
        engine.createSchema(PostgresEventTableFactory.INSTANCE);
    }

    /// Appends the next event of an aggregate; each has one client.
    @Override
    public void accept(String aggregate) {
        long sequence = sequences.merge(aggregate, 1L, Long::sum) - 1;
        engine.appendEvents(new GenericDomainEventMessage<>(
                "thing", aggregate, sequence, event, Map.of("correlation", "bench", "actor", "bench")));
    }
}
