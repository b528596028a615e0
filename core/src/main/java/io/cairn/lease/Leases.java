package io.cairn.lease;

import io.cairn.event.Appended;
import io.cairn.event.EventLog;
import io.cairn.event.PartitionUnit;
import io.cairn.event.StorageException;
import io.cairn.guard.Loop;
import io.cairn.row.Row;
import io.cairn.row.RowExpectation;
import io.cairn.row.RowKey;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The leases of one node: what it takes, holds and gives back.
///
/// A lease is a row with its holder and a token. A node takes it by writing its own name and the next token, on
/// condition that the token is still the one that it read; so of several nodes that try one succeeds. A lease that
/// another node holds is taken only when that node is [silent][Nodes]. A node that was replaced without noticing
/// fails at its next commit, since the fence names its old token.
///
/// Where no other node can exist, as on SQLite, nobody waits or gives signs of life: what a former process held is
/// taken at once.
public final class Leases implements AutoCloseable {
    private static final int SEIZE_ATTEMPTS_MAX = 10;

    private final EventLog log;
    private final String node;
    private final LeaseSettings settings;
    private final LongSupplier nanos;
    private final Nodes nodes;
    private @Nullable Loop heartbeat;

    /// @param node the name of this process; a process that starts anew has another name
    /// @param nanos a clock that never goes back, as [System#nanoTime]
    public Leases(EventLog log, String node, LeaseSettings settings, LongSupplier nanos) {
        this.log = log;
        this.node = node;
        this.settings = settings;
        this.nanos = nanos;
        this.nodes = new Nodes(log, node, settings.time(), nanos);
    }

    /// The tables in which nodes agree, in the order of their names.
    public static List<Table> tables() {
        return List.of(Nodes.TABLE, Lease.TABLE);
    }

    /// Gives signs of life from now on, where there may be others to see them.
    public Leases start() {
        if (log.shared()) {
            step();
            heartbeat = Loop.start("cairn-leases", new Heartbeat(this));
        }
        return this;
    }

    public String node() {
        return node;
    }

    public LeaseSettings settings() {
        return settings;
    }

    /// Gives one sign of life, and looks for those of the other nodes.
    void step() {
        nodes.step();
    }

    /// The lease of a thing, if this node holds it or can take it now.
    ///
    /// A commit of unknown fate needs no care: if it happened, the next call finds that this node holds the lease.
    public Optional<Lease> take(String name, int partition) {
        var found = found(name, partition);
        return found.isHeldBy(node) ? Optional.of(found.lease(name)) : take(name, found);
    }

    Optional<Lease> take(String name, Found found) {
        return mayTake(found) ? granted(name, found) : Optional.empty();
    }

    /// Takes the lease of a thing, even from a node that is alive, for what cannot wait until the holder gives it
    /// back. The holder notices at its next fence.
    public Lease seize(String name, int partition) {
        for (int attempt = 0; attempt < SEIZE_ATTEMPTS_MAX; attempt++) {
            var found = found(name, partition);
            var lease = found.isHeldBy(node) ? Optional.of(found.lease(name)) : granted(name, found);
            if (lease.isPresent()) {
                return lease.get();
            }
        }
        throw new StorageException(
                StorageException.Kind.BUSY,
                "The lease of %s in partition %d went to another node at each of %d attempts to seize it; try again"
                        .formatted(name, partition, SEIZE_ATTEMPTS_MAX),
                new ConcurrentModificationException());
    }

    private Found found(String name, int partition) {
        return log.<Optional<Row>>read(
                        Tenant.CAIRN, view -> view.row(Lease.TABLE, Lease.TABLE.key(name, (long) partition)))
                .map(Leases::found)
                .orElse(new Found(partition, null, null));
    }

    private Optional<Lease> granted(String name, Found found) {
        var lease = new Lease(name, found.partition(), found.token() == null ? 1 : found.token() + 1);
        var unchanged = new RowExpectation.Cell(
                Lease.TABLE, Lease.TABLE.key(name, (long) found.partition()), "token", found.token());
        var outcome = log.feed()
                .append(new PartitionUnit(
                        found.partition(),
                        List.of(new PartitionUnit.Expectation(Tenant.CAIRN, unchanged)),
                        List.of(lease.heldBy(node))));
        return outcome instanceof Appended.Written ? Optional.of(lease) : Optional.empty();
    }

    /// A node takes nothing while others cannot know that it is alive: they would take it away again.
    private boolean mayTake(Found found) {
        if (!log.shared()) {
            return true;
        }
        var holder = found.holder();
        return nodes.alive() && (holder == null || nodes.silent(holder));
    }

    /// Gives a lease back, so that another node can take it without waiting.
    public void release(Lease lease) {
        log.feed().append(new PartitionUnit(lease.partition(), List.of(lease.fence()), List.of(lease.free())));
    }

    /// This node's fair part of the partitions of a thing.
    public Share share(String name, int partitions) {
        nodes.compete(name);
        return new Share(this, name, partitions, settings.beatEvery(), nanos);
    }

    /// This node's fair part of a thing that is divided into slots in every partition.
    public SlotShare slotShare(String name, int slots, int partitions) {
        nodes.compete(name);
        return new SlotShare(this, name, slots, partitions, settings.beatEvery(), nanos);
    }

    /// The same lease with another token, unless it has gone to another node.
    Optional<Lease> again(Lease lease) {
        return granted(lease.name(), new Found(lease.partition(), node, lease.token()));
    }

    /// How many nodes, this one among them, compete for a thing.
    int competingFor(String name) {
        return competitors(name).size();
    }

    /// The nodes that compete for a thing, this one among them, in an order on which all agree.
    List<String> competitors(String name) {
        return log.shared() ? nodes.competitors(name) : List.of(node);
    }

    /// A lease as its row was read.
    ///
    /// @param holder nothing if it is free
    /// @param token nothing if no node has ever held it
    record Found(
            int partition,
            @Nullable String holder,
            @Nullable Long token) {
        boolean isHeldBy(String node) {
            return node.equals(holder);
        }

        Lease lease(String name) {
            return new Lease(name, partition, token == null ? 0 : token);
        }
    }

    /// The leases of a thing that any node has ever held.
    List<Found> found(String name) {
        return log
                .<List<Row>>read(
                        Tenant.CAIRN, view -> view.rows(Lease.TABLE, Lease.TABLE.key(name), null, Integer.MAX_VALUE))
                .stream()
                .map(Leases::found)
                .toList();
    }

    private static Found found(Row row) {
        return new Found((int) row.number("partition"), row.textOrNull("holder"), row.number("token"));
    }

    /// Gives everything back.
    @Override
    public void close() {
        if (heartbeat != null) {
            heartbeat.close();
        }
        var held = log
                .<List<Row>>read(
                        Tenant.CAIRN, view -> view.rows(Lease.TABLE, new RowKey(List.of()), null, Integer.MAX_VALUE))
                .stream()
                .filter(row -> found(row).isHeldBy(node))
                .map(row -> found(row).lease(row.text("name")))
                .toList();
        held.forEach(this::release);
        nodes.leave();
    }
}
