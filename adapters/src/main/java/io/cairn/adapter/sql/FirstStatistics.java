package io.cairn.adapter.sql;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes PostgreSQL gather statistics on the events of a new log early.
///
/// PostgreSQL keeps the plan of a statement. A plan made while the table was empty may use any index, and so read all
/// events once there are many. The server finds that out with its next statistics, about a minute later; until then
/// appends of 16 clients were twelve times as slow. New statistics discard such plans at once.
final class FirstStatistics {
    private static final Logger LOG = LoggerFactory.getLogger(FirstStatistics.class);

    private static final long[] AT = {200, 5_000};

    private static final long TOO_LATE = 50_000;

    private final AtomicInteger next = new AtomicInteger();

    /// Is called after each commit, outside of any transaction. If it fails, what was committed stays.
    ///
    /// @param position in any partition
    void reached(SqlSession session, long position) {
        int due = next.get();
        if (due < AT.length && position >= AT[due] && next.compareAndSet(due, due + 1) && position < TOO_LATE) {
            try {
                session.turn("ANALYZE (SKIP_LOCKED) event");
                session.dialect().commit(session);
            } catch (SQLException e) {
                LOG.warn(
                        "PostgreSQL could not look at the events of a new log; appends are slow until it does by itself",
                        e);
            }
        }
    }
}
