package io.cairn.event;

import io.cairn.row.RowChange;
import io.cairn.row.RowExpectation;
import io.cairn.tenant.Context;
import io.cairn.tenant.Tenant;
import java.util.List;
import java.util.stream.Stream;

/// A unit of work of one partition: events and rows of any of its tenants, and of Cairn itself, that are committed
/// together or not at all. It is for what keeps the engine going, such as leases, followers and tasks, never for a
/// door.
///
/// The partition's own writer carries it out, so what it expects is judged in the order in which everything else in the
/// partition happens. A [fence][io.cairn.lease.Lease#fence()] is one of its expectations.
public record PartitionUnit(int partition, List<Append> appends, List<Expectation> expectations, List<Change> changes) {
    /// Events of one tenant for one stream, and on whose behalf they are appended.
    public record Append(Context context, StreamAppend events) {}

    /// What a row of one tenant is expected to be.
    public record Expectation(Tenant tenant, RowExpectation row) {}

    /// A change of a row of one tenant.
    public record Change(Tenant tenant, RowChange row) {}

    public PartitionUnit {
        appends = List.copyOf(appends);
        expectations = List.copyOf(expectations);
        changes = List.copyOf(changes);
        NewEvent.requireDistinct(appends.stream().map(Append::events));
    }

    /// Rows alone.
    public PartitionUnit(int partition, List<Expectation> expectations, List<Change> changes) {
        this(partition, List.of(), expectations, changes);
    }

    /// A tenant's unit of work in the tenant's partition.
    static PartitionUnit of(Unit unit, int partition) {
        var tenant = unit.context().tenant();
        return new PartitionUnit(
                partition,
                unit.appends().stream()
                        .map(append -> new Append(unit.context(), append))
                        .toList(),
                unit.expectations().stream()
                        .map(row -> new Expectation(tenant, row))
                        .toList(),
                unit.rows().stream().map(row -> new Change(tenant, row)).toList());
    }

    /// The events of each tenant as a unit of their own, for whoever judges what a tenant appends.
    List<Unit> byContext() {
        return appends.stream()
                .map(Append::context)
                .distinct()
                .map(context -> new Unit(
                        context,
                        appends.stream()
                                .filter(append -> append.context().equals(context))
                                .map(Append::events)
                                .toList(),
                        List.of(),
                        List.of()))
                .toList();
    }

    /// The tenants whose events or rows it names.
    Stream<Tenant> tenants() {
        return Stream.of(
                        appends.stream().map(append -> append.context().tenant()),
                        expectations.stream().map(Expectation::tenant),
                        changes.stream().map(Change::tenant))
                .flatMap(tenants -> tenants)
                .distinct();
    }

    int eventCount() {
        return appends.stream()
                .mapToInt(append -> append.events().events().size())
                .sum();
    }
}
