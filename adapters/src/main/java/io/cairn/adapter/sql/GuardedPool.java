package io.cairn.adapter.sql;

import io.cairn.guard.Breaker;
import io.cairn.guard.Retry;
import java.sql.SQLException;

/// The pool of the dense index behind a [Breaker], whose statements are counted. Questions are asked again if the
/// failure passes.
record GuardedPool(PostgresPool pool, Breaker breaker, Retry retry) implements AutoCloseable {
    /// Work of one transaction; what it has not committed is rolled back.
    @FunctionalInterface
    interface Work<T> {
        T on(SqlSession session) throws SQLException;
    }

    /// Asks a question, which changes nothing.
    <T> T ask(String what, Work<T> question) {
        return retry.of(() -> breaker.ask(() -> once(what, () -> pool.borrow(what), question)));
    }

    /// Does something once, as an operation of its own: whether it happened is the caller's to know.
    <T> T transaction(String what, Work<T> work) {
        return breaker.ask(() -> once(what, () -> pool.borrowAlone(what), work));
    }

    /// Does something once that makes or drops tables.
    <T> T making(String what, Work<T> work) {
        return breaker.ask(() -> once(what, () -> pool.borrowUnlimited(what), work));
    }

    private interface Lender {
        SqlSession lend() throws SQLException;
    }

    private static <T> T once(String what, Lender lender, Work<T> work) {
        try (var session = lender.lend()) {
            return work.on(session);
        } catch (SQLException e) {
            if (isOfTheData(e)) {
                // Nothing is wrong with the store, and trying again will not help: the event's stream is to be parked.
                throw new IllegalArgumentException("PostgreSQL could not %s: %s".formatted(what, e.getMessage()), e);
            }
            throw PostgresDialect.INSTANCE.failed(what, e);
        }
    }

    /// Data exceptions, and values that are too large for an index.
    private static boolean isOfTheData(SQLException e) {
        var state = String.valueOf(e.getSQLState());
        return state.startsWith("22") || state.startsWith("54");
    }

    @Override
    public void close() {
        pool.close();
    }
}
