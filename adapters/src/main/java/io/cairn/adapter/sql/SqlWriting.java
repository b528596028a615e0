package io.cairn.adapter.sql;

import io.cairn.event.Head;
import io.cairn.event.StorageException;
import io.cairn.event.StoredEvent;
import io.cairn.event.WriteTransaction;
import io.cairn.row.RowChange;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.sql.SQLException;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// A writing transaction on the one connection that may write.
final class SqlWriting extends SqlSnapshot implements WriteTransaction {
    private static final String INSERT = "INSERT INTO event (partition, position, tenant, stream_type, stream_id,"
            + " version, event_id, type, schema_version, subject, key_id, metadata, payload, recorded_at, occurred_at,"
            + " digest, chain) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private final Runnable ended;
    private boolean open = true;

    /// @param ended called once, when the transaction is over
    SqlWriting(SqlSession session, String epoch, Runnable ended) {
        super(session, epoch);
        this.ended = ended;
    }

    @Override
    public void insert(StoredEvent event) {
        run(
                "insert an event",
                () -> session.update(
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
        var sql = RowSql.of(change.table());
        var arguments = new ArrayList<@Nullable Object>();
        arguments.add(tenant.id());
        run("change a row of " + change.table().name(), () -> switch (change) {
            case RowChange.Put(var row, var keep) -> {
                row.table().columns().stream()
                        .map(Table.Column::name)
                        .map(row::cell)
                        .forEach(arguments::add);
                yield session.update(sql.put(keep), arguments.toArray());
            }
            case RowChange.Remove(var table, var key) -> {
                arguments.addAll(key.parts());
                yield session.update(sql.remove(key.parts().size()), arguments.toArray());
            }
        });
    }

    @Override
    public void commit(Head head) {
        run(
                "move the head",
                () -> session.update(
                        "UPDATE partition_head SET position = ?, chain = ?, recorded_at = ? WHERE partition = ?",
                        head.number(),
                        head.chain(),
                        head.recordedAt(),
                        head.partition()));
        try {
            session.update("COMMIT");
            open = false;
        } catch (SQLException e) {
            throw SqliteFailures.atCommit(e);
        }
        ended.run();
    }

    @Override
    public void close() {
        if (!open) {
            return;
        }
        open = false;
        try {
            session.update("ROLLBACK");
        } catch (SQLException e) {
            // SQLite rolls back by itself on some failures; then there is no transaction left to end.
            if (!String.valueOf(e.getMessage()).contains("no transaction is active")) {
                throw new StorageException(StorageException.Kind.BROKEN, "The log could not roll back", e);
            }
        } finally {
            ended.run();
        }
    }
}
