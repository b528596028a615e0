package io.cairn.adapter.sql;

import io.cairn.event.Head;
import io.cairn.event.OvertakenException;
import io.cairn.event.ReadSet;
import io.cairn.event.Recorded;
import io.cairn.event.StorageException;
import io.cairn.event.StoredEvent;
import io.cairn.event.StreamId;
import io.cairn.event.StreamVersion;
import io.cairn.event.Tally;
import io.cairn.event.WriteTransaction;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A writing transaction. Before it reads anything it locks the partition's head against every other writer.
///
/// A statement of its own locks the head. In PostgreSQL a statement sees the state as of its beginning, so only one
/// that begins after the lock was granted sees what the last holder wrote.
final class SqlWriting extends SqlSnapshot implements WriteTransaction {
    private static final String INSERTING = "insert events";
    private static final String EVENT_TABLE = "event";
    private static final Insert INSERT = Insert.into(
            EVENT_TABLE,
            List.of(
                    "partition",
                    "position",
                    "tenant",
                    "stream_type",
                    "stream_id",
                    "version",
                    "event_id",
                    "type",
                    "schema_version",
                    "subject",
                    "key_id",
                    "metadata",
                    "payload",
                    "recorded_at",
                    "occurred_at",
                    "digest",
                    "chain"),
            List.of(
                    "integer", "bigint", "text", "text", "text", "bigint", "bytea", "text", "integer", "text", "bytea",
                    "bytea", "bytea", "bigint", "bigint", "bytea", "bytea"));

    private final Head head;
    private final Ending ended;
    private final PendingWrites pending;
    private final Prefetched prefetched;
    private final boolean presuming;
    private boolean taken;
    private boolean open = true;

    /// What happens once, when the transaction is over.
    @FunctionalInterface
    interface Ending {
        /// @param position the last one that was committed; 0 if nothing was
        void run(long position) throws SQLException;
    }

    private SqlWriting(SqlSession session, Head head, boolean presuming, Prefetched prefetched, Ending ended) {
        super(session, head.epoch());
        this.head = head;
        this.presuming = presuming;
        this.taken = !presuming;
        this.prefetched = prefetched;
        this.ended = ended;
        this.pending = new PendingWrites(session, this::takePresumed);
    }

    /// Begins a transaction that presumes its head, and locks it only if it has to read something.
    static SqlWriting from(SqlSession session, Head presumed, Ending ended) {
        return new SqlWriting(session, presumed, true, new Prefetched(), ended);
    }

    /// Begins a transaction that locks one partition.
    static SqlWriting begin(SqlSession session, String epoch, int partition, Supplier<ReadSet> readSet, Ending ended) {
        return begin(session, epoch, List.of(partition), readSet, ended);
    }

    /// Begins a transaction that locks every partition, in their order, so that two such transactions do not block each
    /// other.
    static SqlWriting beginAll(SqlSession session, String epoch, int partitions, Ending ended) {
        var all = IntStream.range(0, partitions).boxed().toList();
        return begin(session, epoch, all, ReadSet::none, ended);
    }

    /// Begins a transaction; if that fails, the transaction is over at once.
    private static SqlWriting begin(
            SqlSession session, String epoch, List<Integer> partitions, Supplier<ReadSet> questions, Ending ended) {
        var dialect = session.dialect();
        try {
            dialect.beginWriting(session);
            var prefetched = new Prefetched();
            var heads = new ArrayList<Head>();
            for (int partition : partitions) {
                dialect.takeHead(
                        session, partition, row -> heads.add(head(epoch, partition, row)), questions, prefetched);
            }
            if (heads.size() < partitions.size()) {
                throw new IllegalStateException("The log has not all of the partitions " + partitions);
            }
            return new SqlWriting(session, heads.getFirst(), false, prefetched, ended);
        } catch (SQLException | RuntimeException e) {
            try {
                dialect.rollBack(session);
                ended.run(0);
            } catch (SQLException second) {
                e.addSuppressed(second);
            }
            throw e instanceof SQLException sql ? dialect.failed("begin to write", sql) : (RuntimeException) e;
        }
    }

    @Override
    public Head head(int partition) {
        return partition == head.partition() ? head : super.head(partition);
    }

    @Override
    public Optional<Recorded> find(Tenant tenant, UUID eventId) {
        if (prefetched.knows(tenant, eventId)) {
            return prefetched.find(tenant, eventId);
        }
        beforeReading(EVENT_TABLE);
        return super.find(tenant, eventId);
    }

    @Override
    public long version(Tenant tenant, StreamId stream) {
        if (prefetched.knows(tenant, stream)) {
            return prefetched.version(tenant, stream);
        }
        beforeReading(EVENT_TABLE);
        return super.version(tenant, stream);
    }

    @Override
    public List<StoredEvent> stream(Tenant tenant, StreamId stream, long afterVersion, int limit) {
        beforeReading(EVENT_TABLE);
        return super.stream(tenant, stream, afterVersion, limit);
    }

    @Override
    public List<StoredEvent> after(int partition, long position, int limit, long bytesMax) {
        beforeReading(EVENT_TABLE);
        return super.after(partition, position, limit, bytesMax);
    }

    @Override
    public List<StoredEvent> after(Tenant tenant, int partition, long position, int limit) {
        beforeReading(EVENT_TABLE);
        return super.after(tenant, partition, position, limit);
    }

    @Override
    public Map<Long, Long> behind(Tenant tenant, int partition, Set<Long> positions, int most) {
        beforeReading(EVENT_TABLE);
        return super.behind(tenant, partition, positions, most);
    }

    @Override
    public Optional<Row> row(Tenant tenant, Table table, RowKey key) {
        return prefetched.knows(tenant, table, key)
                ? prefetched.row(tenant, table, key)
                : rows(tenant, table, key, null, 1).stream().findFirst();
    }

    @Override
    public List<StoredEvent> events(Tenant tenant, Collection<StreamVersion> places) {
        beforeReading(EVENT_TABLE);
        return super.events(tenant, places);
    }

    @Override
    public List<Row> rows(Tenant tenant, Table table, Collection<RowKey> prefixes) {
        beforeReading(table.name());
        return super.rows(tenant, table, prefixes);
    }

    @Override
    public Tally tally(Tenant tenant, Table table, String lacking, String summed) {
        beforeReading(table.name());
        return super.tally(tenant, table, lacking, summed);
    }

    @Override
    public List<Row> rows(Tenant tenant, Table table, RowKey prefix, @Nullable RowKey after, int limit) {
        beforeReading(table.name());
        return super.rows(tenant, table, prefix, after, limit);
    }

    @Override
    public List<Tenant> tenants(Table table) {
        beforeReading(table.name());
        return super.tenants(table);
    }

    @Override
    public Map<Tenant, List<Row>> first(
            Table table, Map<Tenant, Set<RowKey>> prefixes, @Nullable Long upTo, int limit) {
        beforeReading(table.name());
        return super.first(table, prefixes, upTo, limit);
    }

    @Override
    public Map<String, Long> counts(Table table) {
        beforeReading(table.name());
        return super.counts(table);
    }

    @Override
    public Map<Tenant, List<Row>> least(Table table, String part) {
        beforeReading(table.name());
        return super.least(table, part);
    }

    @Override
    public long count(Tenant tenant, Table table, RowKey prefix) {
        beforeReading(table.name());
        return super.count(tenant, table, prefix);
    }

    @Override
    public void insert(StoredEvent event) {
        prefetched.inserted(event);
        done(
                INSERTING,
                () -> pending.add(
                        EVENT_TABLE,
                        INSERT,
                        event.partition(),
                        event.position(),
                        event.tenant().id(),
                        event.stream().type(),
                        event.stream().id(),
                        event.version(),
                        SqlTypes.bytes(event.eventId()),
                        event.type().name(),
                        event.schemaVersion(),
                        event.subject(),
                        SqlTypes.bytes(event.keyId()),
                        event.metadata(),
                        event.payload(),
                        event.recordedAt(),
                        event.occurredAt(),
                        event.digest(),
                        event.chain()));
    }

    @Override
    public void change(Tenant tenant, RowChange change) {
        prefetched.changed(tenant, change);
        var table = change.table();
        var sql = RowSql.of(table);
        var arguments = new ArrayList<@Nullable Object>();
        arguments.add(tenant.id());
        var statement = switch (change) {
            case RowChange.Put(var row, var keep) -> {
                table.columns().stream().map(Table.Column::name).map(row::cell).forEach(arguments::add);
                yield sql.put(keep);
            }
            case RowChange.Remove(var same, var key) -> {
                arguments.addAll(key.parts());
                yield sql.remove(key.parts().size());
            }
        };
        done(changing(table), () -> pending.add(table.name(), statement, arguments.toArray()));
    }

    /// Sends the writes that wait for a table before it is read, so that the answer includes them.
    private void beforeReading(String table) {
        asked("write to " + table, () -> pending.sendFor(table));
    }

    /// Does work for which the head has to be locked.
    private void asked(String what, Doing work) {
        done(what, () -> {
            takePresumed();
            work.run();
        });
    }

    /// Locks a head that was only presumed: now that something is read, a trip is needed anyway.
    private void takePresumed() throws SQLException {
        if (taken) {
            return;
        }
        taken = true;
        session.dialect().takeHead(session, head.partition(), row -> require(row), ReadSet::none, prefetched);
    }

    private void requireNotOvertaken(SQLException e) {
        if (presuming && session.dialect().overtaken(e)) {
            throw new OvertakenException("Others wrote since %s: %s".formatted(head, e.getMessage()), e);
        }
    }

    private void require(ResultSet row) throws SQLException {
        var found = head(head.epoch(), head.partition(), row);
        if (!found.isSame(head)) {
            throw new OvertakenException("The head is %s, not %s".formatted(found, head));
        }
    }

    private static String changing(Table table) {
        return "change rows of " + table.name();
    }

    /// Work without a result.
    private interface Doing {
        void run() throws SQLException;
    }

    private void done(String what, Doing work) {
        run(what, () -> {
            try {
                work.run();
            } catch (SQLException e) {
                requireNotOvertaken(e);
                throw e;
            }
            return head;
        });
    }

    @Override
    public void makeAside(List<Table> tables) {
        asked("make shadow tables", () -> new TableForms(session).makeAside(tables));
    }

    @Override
    public void make(Table table) {
        asked("make table " + table.name(), () -> new TableForms(session).make(table));
    }

    @Override
    public void drop(Table table) {
        asked("write a batch", pending::send);
        done("drop table " + table.name(), () -> new TableForms(session).drop(table));
    }

    @Override
    public void rename(Table table, Table as) {
        asked("write a batch", pending::send);
        done("rename table " + table.name(), () -> new TableForms(session).rename(table, as));
    }

    @Override
    public void commit(Head moved) {
        var dialect = session.dialect();
        try {
            dialect.commit(session, pending.behind(moved(moved)));
        } catch (SQLException e) {
            requireNotOvertaken(e);
            throw dialect.failedToCommit(e);
        }
        open = false;
        end(moved.number());
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        try {
            session.dialect().rollBack(session);
        } catch (SQLException e) {
            throw new StorageException(StorageException.Kind.BROKEN, "The log could not roll back", e);
        } finally {
            end(0);
        }
    }

    private Message moved(Head to) {
        return presuming ? Message.moveHead(head, to) : Message.moveHead(to);
    }

    private void end(long position) {
        done("end a transaction", () -> ended.run(position));
    }
}
