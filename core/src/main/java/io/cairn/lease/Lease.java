package io.cairn.lease;

import static io.cairn.row.Table.Column.number;
import static io.cairn.row.Table.Column.text;

import io.cairn.event.PartitionUnit;
import io.cairn.event.StorageException;
import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;

/// The right of one node to look after one thing, as it was granted.
///
/// A node that believes to hold a lease may be wrong: it may have been silent for too long and have been replaced.
/// So everything that is done under a lease commits together with its [fence][#fence()].
///
/// @param name of the thing
/// @param partition in which the thing is, and in which acts under the lease are committed
/// @param token grows each time the lease goes to somebody, and never belongs to two
public record Lease(String name, int partition, long token) {
    static final Table TABLE = new Table(
            "lease",
            Table.Kind.DERIVED,
            List.of(text("name"), number("partition")),
            List.of(text("holder"), number("token")));

    /// The condition that the lease has not gone to another node; what is done under the lease commits only if it
    /// holds.
    public PartitionUnit.Expectation fence() {
        return new PartitionUnit.Expectation(
                Tenant.CAIRN, new RowExpectation.Cell(TABLE, TABLE.key(name, (long) partition), "token", token));
    }

    /// The failure of a commit whose fence did not hold.
    public StorageException lost() {
        return new StorageException(
                StorageException.Kind.BUSY,
                "The lease of %s in partition %d has gone to another node; nothing of what was done under it is kept"
                        .formatted(name, partition),
                new ConcurrentModificationException());
    }

    PartitionUnit.Change heldBy(String node) {
        return change(Map.of("name", name, "partition", (long) partition, "holder", node, "token", token));
    }

    PartitionUnit.Change free() {
        return change(Map.of("name", name, "partition", (long) partition, "token", token));
    }

    private static PartitionUnit.Change change(Map<String, ?> cells) {
        return new PartitionUnit.Change(Tenant.CAIRN, new RowChange.Put(TABLE.row(cells)));
    }
}
