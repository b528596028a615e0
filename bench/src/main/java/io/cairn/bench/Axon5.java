package io.cairn.bench;

import com.zaxxer.hikari.HikariDataSource;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.EntityTransaction;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.axonframework.common.jpa.EntityManagerProvider;
import org.axonframework.conversion.json.JacksonConverter;
import org.axonframework.eventsourcing.eventstore.AppendCondition;
import org.axonframework.eventsourcing.eventstore.ConsistencyMarker;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine.AppendTransaction;
import org.axonframework.eventsourcing.eventstore.GenericTaggedEventMessage;
import org.axonframework.eventsourcing.eventstore.jpa.AggregateBasedJpaEventStorageEngine;
import org.axonframework.eventsourcing.eventstore.jpa.AggregateEventEntry;
import org.axonframework.messaging.core.MessageType;
import org.axonframework.messaging.core.unitofwork.transaction.Transaction;
import org.axonframework.messaging.core.unitofwork.transaction.TransactionManager;
import org.axonframework.messaging.eventhandling.GenericEventMessage;
import org.axonframework.messaging.eventhandling.conversion.DelegatingEventConverter;
import org.axonframework.messaging.eventstreaming.EventCriteria;
import org.axonframework.messaging.eventstreaming.Tag;
import org.hibernate.cfg.AvailableSettings;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.hibernate.tool.schema.Action;
import org.jspecify.annotations.Nullable;

/// Axon Framework 5's JPA storage of events on Hibernate: its tables with the payload in the row, its JSON
/// converter, a connection per client.
///
/// It is called directly, without the store and the bus above it, as the store calls it: an append under the
/// marker that the one before left, committed by itself. That is three round trips, for the position from a
/// sequence of which Axon wants one number at a time, for the row and for the commit. It neither seals nor chains.
final class Axon5 implements Peer {
    private static final MessageType HAPPENED = new MessageType("Happened");

    static {
        // Hibernate would log through Log4j's API, which a parser of documents brings without anything behind it.
        System.setProperty("org.jboss.logging.provider", "slf4j");
    }

    record Happened(String text) {}

    private final HikariDataSource pool;
    private final EntityManagerFactory entities;
    private final EventStorageEngine engine;
    private final Map<String, ConsistencyMarker> markers = new ConcurrentHashMap<>();

    private Axon5(HikariDataSource pool) {
        this.pool = pool;
        entities = entities(pool);
        var transactions = new Transactions(entities);
        engine = new AggregateBasedJpaEventStorageEngine(
                transactions,
                transactions,
                new DelegatingEventConverter(new JacksonConverter()),
                UnaryOperator.identity());
    }

    static Axon5 open(PostgresServer server, int clients) {
        var pool = server.pool(clients, false);
        try {
            return new Axon5(pool);
        } catch (RuntimeException e) {
            pool.close();
            throw e;
        }
    }

    private static EntityManagerFactory entities(HikariDataSource pool) {
        return new HibernatePersistenceConfiguration("axon")
                .managedClass(AggregateEventEntry.class)
                .property(AvailableSettings.JAKARTA_NON_JTA_DATASOURCE, pool)
                .property(AvailableSettings.CONNECTION_PROVIDER_DISABLES_AUTOCOMMIT, true)
                .property(AvailableSettings.DIALECT, PayloadsInRows.class.getName())
                // The name of Axon's sequence has hyphens.
                .property(AvailableSettings.GLOBALLY_QUOTED_IDENTIFIERS, true)
                .schemaToolingAction(Action.CREATE_ONLY)
                .createEntityManagerFactory();
    }

    /// Appends the next event of an aggregate; each has one client.
    @Override
    public void to(String aggregate) {
        var tag = new Tag("thing", aggregate);
        var event = new GenericEventMessage(
                HAPPENED, new Happened(AppendBench.text()), Map.of("correlation", "bench", "actor", "bench"));
        var condition = AppendCondition.withCriteria(EventCriteria.havingTags(tag))
                .withMarker(markers.getOrDefault(aggregate, ConsistencyMarker.ORIGIN));
        var append = engine.appendEvents(condition, null, List.of(new GenericTaggedEventMessage<>(event, Set.of(tag))))
                .join();
        markers.put(aggregate, committed(append));
    }

    private static <R> ConsistencyMarker committed(AppendTransaction<R> append) {
        return append.commit(null)
                .thenCompose(result -> append.afterCommit(result, null))
                .join();
    }

    @Override
    public void close() {
        entities.close();
        pool.close();
    }

    /// An entity manager per transaction, for the thread that began it.
    ///
    /// The engine closes the manager before it commits; JPA keeps it at work until the transaction's end.
    private static final class Transactions implements TransactionManager, EntityManagerProvider {
        private final EntityManagerFactory entities;
        private final ThreadLocal<@Nullable EntityManager> current = new ThreadLocal<>();

        private Transactions(EntityManagerFactory entities) {
            this.entities = entities;
        }

        @Override
        public EntityManager getEntityManager() {
            return Objects.requireNonNull(current.get(), "Nothing has begun");
        }

        @Override
        public Transaction startTransaction() {
            var manager = entities.createEntityManager();
            var transaction = manager.getTransaction();
            transaction.begin();
            current.set(manager);
            return new Begun(transaction);
        }

        private final class Begun implements Transaction {
            private final EntityTransaction transaction;

            private Begun(EntityTransaction transaction) {
                this.transaction = transaction;
            }

            @Override
            public void commit() {
                transaction.commit();
                current.remove();
            }

            @Override
            public void rollback() {
                current.remove();
                if (transaction.isActive()) {
                    transaction.rollback();
                }
            }
        }
    }
}
