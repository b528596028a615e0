package io.cairn.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.common.jdbc.DataSourceConnectionProvider;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jdbc.JdbcSQLErrorCodesResolver;
import org.axonframework.eventsourcing.eventstore.jdbc.PostgresEventTableFactory;
import org.axonframework.serialization.json.JacksonSerializer;

/// Axon Framework's JDBC storage of events: its tables for PostgreSQL, its JSON serializer, a connection per
/// client.
///
/// It is called directly, without the bus above it, and each append commits by itself: one statement, one round
/// trip, one flush, which is the least that it can do. It neither seals nor chains, and its positions come from a
/// sequence.
final class AxonEngine implements AutoCloseable {
    record Happened(String text) {}

    private final HikariDataSource pool;
    private final JdbcEventStorageEngine engine;
    private final Map<String, Long> sequences = new ConcurrentHashMap<>();

    private AxonEngine(HikariDataSource pool) {
        this.pool = pool;
        var json = JacksonSerializer.defaultSerializer();
        engine = JdbcEventStorageEngine.builder()
                .connectionProvider(new DataSourceConnectionProvider(pool))
                .transactionManager(NoTransactionManager.instance())
                .eventSerializer(json)
                .snapshotSerializer(json)
                .persistenceExceptionResolver(new JdbcSQLErrorCodesResolver())
                .build();
    }

    static AxonEngine open(PostgresServer server, int clients) {
        var config = new HikariConfig();
        config.setDataSource(server.source());
        config.setMinimumIdle(clients);
        config.setMaximumPoolSize(clients);
        var opened = new AxonEngine(new HikariDataSource(config));
        opened.engine.createSchema(PostgresEventTableFactory.INSTANCE);
        return opened;
    }

    /// The next event of an aggregate; each has one client.
    void append(String aggregate) {
        long sequence = sequences.merge(aggregate, 1L, Long::sum) - 1;
        engine.appendEvents(new GenericDomainEventMessage<>(
                "thing",
                aggregate,
                sequence,
                new Happened(AppendBench.text()),
                Map.of("correlation", "bench", "actor", "bench")));
    }

    @Override
    public void close() {
        pool.close();
    }
}
