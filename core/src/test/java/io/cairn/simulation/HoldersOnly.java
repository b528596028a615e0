package io.cairn.simulation;

import io.cairn.event.ForwardingStorage;
import io.cairn.event.ForwardingTransaction;
import io.cairn.event.Head;
import io.cairn.event.LogStorage;
import io.cairn.event.ReadSet;
import io.cairn.event.WriteTransaction;
import io.cairn.lease.Leases;
import io.cairn.row.Row;
import io.cairn.row.RowChange;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.function.Supplier;

/// The store as one life of a node uses it, watched: only who holds the lease of a partition may let the shared
/// projection follow it.
///
/// @param life by whose name leases are held
/// @param version of the shared projection
record HoldersOnly(LogStorage storage, String life, int version) implements ForwardingStorage {
    private static final Table LEASES = Leases.tables().getLast();
    private static final String SHARE = "projection:%s:".formatted(SharedVersions.NAME);

    /// Whether a row is the lease of a partition of the shared projection.
    static boolean isLease(Table table, RowKey key) {
        return table.equals(LEASES) && key.parts().getFirst().toString().startsWith(SHARE);
    }

    private RowKey lease(int partition) {
        return LEASES.key(SHARE + version, (long) partition);
    }

    @Override
    public WriteTransaction write(int partition, Supplier<ReadSet> foreseen) {
        return watched(storage.write(partition, foreseen), partition);
    }

    @Override
    public WriteTransaction writeFrom(Head presumed) {
        return watched(storage.writeFrom(presumed), presumed.partition());
    }

    private WriteTransaction watched(WriteTransaction transaction, int partition) {
        return new ForwardingTransaction() {
            @Override
            public WriteTransaction transaction() {
                return transaction;
            }

            @Override
            public void change(Tenant tenant, RowChange change) {
                if (change instanceof RowChange.Put put
                        && put.table().equals(SharedGenerations.CHECKPOINTS)
                        && put.row().text("projection").equals(SharedVersions.NAME)) {
                    check(transaction, put.row(), partition);
                }
                transaction.change(tenant, change);
            }
        };
    }

    /// Whoever tends what is parked leaves the position where it is.
    private void check(WriteTransaction transaction, Row moved, int partition) {
        long before = transaction
                .row(Tenant.CAIRN, SharedGenerations.CHECKPOINTS, moved.key())
                .map(row -> row.number("position"))
                .orElse(0L);
        var holder = transaction
                .row(Tenant.CAIRN, LEASES, lease(partition))
                .map(row -> row.textOrNull("holder"))
                .orElse("nobody");
        if (moved.number("position") != before && !life.equals(holder)) {
            throw new Violation(
                    "%s moved the shared rows of partition %d, of which %s holds the lease", life, partition, holder);
        }
    }
}
