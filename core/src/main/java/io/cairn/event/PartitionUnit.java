package io.cairn.event;

import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.tenant.Tenant;
import java.util.List;

/// A unit of work of one partition: rows of any of its tenants, and of Cairn itself, that are committed together or not
/// at all. It is for what keeps the engine going, such as leases and projections, never for a door.
///
/// The partition's own writer carries it out, so what it expects is judged in the order in which everything else in the
/// partition happens.
public record PartitionUnit(int partition, List<Expectation> expectations, List<Change> changes) {
    /// What a row of one tenant is expected to be.
    public record Expectation(Tenant tenant, RowExpectation row) {}

    /// A change of a row of one tenant.
    public record Change(Tenant tenant, RowChange row) {}

    public PartitionUnit {
        expectations = List.copyOf(expectations);
        changes = List.copyOf(changes);
    }
}
