package io.cairn.adapter.sql;

import io.cairn.event.Head;
import io.cairn.event.StorageException;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.Optional;

/// What a log keeps from its founding on: its epoch and the number of its partitions.
record LogIdentity(String epoch, int partitions) {
    /// The identity of the log, which is founded if there is none.
    ///
    /// @param partitions of a new log
    static LogIdentity of(SqlSession session, int partitions) throws SQLException {
        session.dialect().beginFounding(session);
        try {
            var known = known(session);
            var identity = known.isPresent() ? known.get() : found(session, partitions);
            session.dialect().commit(session);
            return identity;
        } catch (SQLException e) {
            session.dialect().rollBack(session);
            throw e;
        }
    }

    /// The identity of a log that is only looked at.
    ///
    /// @throws StorageException if there is none
    static LogIdentity existing(SqlSession session, String place) throws SQLException {
        return known(session)
                .orElseThrow(() -> new StorageException(
                        StorageException.Kind.BROKEN,
                        "there is no log in %s".formatted(place),
                        new IllegalStateException()));
    }

    private static Optional<LogIdentity> known(SqlSession session) throws SQLException {
        return session.first(
                "SELECT epoch, (SELECT count(*) FROM partition_head) FROM log_identity",
                row -> new LogIdentity(row.getString(1), row.getInt(2)));
    }

    private static LogIdentity found(SqlSession session, int partitions) throws SQLException {
        var epoch = Long.toString(new SecureRandom().nextLong() >>> 14, Character.MAX_RADIX);
        for (int partition = 0; partition < partitions; partition++) {
            session.update(
                    "INSERT INTO partition_head (partition, position, chain, recorded_at) VALUES (?, 0, ?, 0)",
                    partition,
                    Head.genesis(epoch, partition).chain());
        }
        session.update(
                "INSERT INTO log_identity (epoch, genesis, created_at) VALUES (?, ?, ?)",
                epoch,
                Head.genesis(epoch, 0).chain(),
                System.currentTimeMillis() * 1000);
        return new LogIdentity(epoch, partitions);
    }
}
