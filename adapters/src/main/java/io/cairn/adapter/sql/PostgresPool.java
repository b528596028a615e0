package io.cairn.adapter.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;

/// Connections of one purpose. A connection that breaks is replaced, and one that was idle is asked whether
/// it lives.
final class PostgresPool implements AutoCloseable {
    /// The driver gives up this long after the server should have.
    private static final Duration GRACE = Duration.ofSeconds(10);

    private static final int VECTOR_CONNECTIONS = 4;

    /// Everything is asked by key: a plan that was made while a table was empty, and that is kept, is not to read the
    /// whole table ever after.
    private static final String BY_KEY = " -c enable_seqscan=off -c jit=off";

    /// Batches of every size are looked up in the same way: to plan each anew took a seventh of an append.
    private static final String PLANNED_ONCE = " -c plan_cache_mode=force_generic_plan";

    private final HikariDataSource pool;
    private final Statements statements;

    private PostgresPool(HikariDataSource pool, Statements statements) {
        this.pool = pool;
        this.statements = statements;
    }

    /// For transactions that see one state of the log and change nothing.
    static PostgresPool reading(
            PostgresAddress address, PostgresSettings settings, MeterRegistry meters, Statements statements) {
        var config = config("read", address, settings, meters);
        config.setReadOnly(true);
        config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
        config.setMinimumIdle(settings.pool().size());
        config.setMaximumPoolSize(settings.pool().burst());
        config.setIdleTimeout(Duration.ofMinutes(1).toMillis());
        return new PostgresPool(new HikariDataSource(config), statements);
    }

    /// For transactions that write: at most one for each partition, and one more to ask what became of a
    /// commit.
    static PostgresPool writing(
            PostgresAddress address, PostgresSettings settings, MeterRegistry meters, Statements statements) {
        var config = config("write", address, settings, meters, BY_KEY + PLANNED_ONCE);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setMinimumIdle(1);
        config.setMaximumPoolSize(settings.partitions() + 1);
        return new PostgresPool(new HikariDataSource(config), statements);
    }

    /// For the vectors' own short transactions, which are derived and may wait.
    static PostgresPool vectors(
            PostgresAddress address, PostgresSettings settings, MeterRegistry meters, Statements statements) {
        var config = config("vectors", address, settings, meters);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setMinimumIdle(1);
        config.setMaximumPoolSize(VECTOR_CONNECTIONS);
        return new PostgresPool(new HikariDataSource(config), statements);
    }

    /// For the dense index: searches, and one transaction that writes.
    static PostgresPool dense(
            PostgresAddress address, PostgresSettings settings, MeterRegistry meters, Statements statements) {
        var config = config("dense", address, settings, meters, PgvectorSearch.OPTIONS);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setMinimumIdle(1);
        config.setMaximumPoolSize(settings.pool().size() + 1);
        return new PostgresPool(new HikariDataSource(config), statements);
    }

    private static HikariConfig config(
            String name, PostgresAddress address, PostgresSettings settings, MeterRegistry meters) {
        return config(name, address, settings, meters, BY_KEY);
    }

    private static HikariConfig config(
            String name, PostgresAddress address, PostgresSettings settings, MeterRegistry meters, String options) {
        var pool = settings.pool();
        var source = address.source();
        source.setOptions(limits(settings.waits()) + options);
        source.setSocketTimeout(
                Math.toIntExact(settings.waits().statement().plus(GRACE).toSeconds()));
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setDataSource(source);
        config.setCredentialsProvider(address::credentials);
        config.setAutoCommit(false);
        config.setConnectionTimeout(pool.timeout().toMillis());
        config.setValidationTimeout(pool.validation().toMillis());
        config.setMaxLifetime(pool.lifetimeMax().toMillis());
        config.setLeakDetectionThreshold(pool.leakAfter().toMillis());
        config.setInitializationFailTimeout(pool.timeout().toMillis());
        config.setMetricsTrackerFactory(new PoolMeters(meters));
        return config;
    }

    private static String limits(PostgresSettings.Waits waits) {
        return "-c lock_timeout=%d -c statement_timeout=%d -c idle_in_transaction_session_timeout=%d"
                .formatted(
                        waits.lock().toMillis(),
                        waits.statement().toMillis(),
                        waits.idle().toMillis());
    }

    /// A session that belongs to the caller until it is closed.
    SqlSession borrow() throws SQLException {
        return new SqlSession(pool.getConnection(), PostgresDialect.INSTANCE, statements);
    }

    /// A session that works for the operation that this thread is in.
    SqlSession borrow(String operation) throws SQLException {
        var session = borrow();
        session.begin(statements.current(operation));
        return session;
    }

    /// A session that works for an operation of its own.
    SqlSession borrowAlone(String operation) throws SQLException {
        var session = borrow();
        session.begin(statements.alone(operation));
        return session;
    }

    /// A session that makes and drops tables, which takes any number of statements.
    SqlSession borrowUnlimited(String operation) throws SQLException {
        var session = borrow();
        session.begin(statements.unlimited(operation));
        return session;
    }

    @Override
    public void close() {
        pool.close();
    }
}
