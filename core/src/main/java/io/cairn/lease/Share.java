package io.cairn.lease;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// This node's fair part of the partitions of one thing: of eight partitions each of three nodes looks after at most
/// three.
///
/// No node assigns partitions to another. A node that has too many gives some back; one that has too few takes
/// those that are free or that a silent node held. While nodes do not agree on how many they are, some partitions
/// may be free for a moment, but none is held by two. Only one thread at a time uses a share.
public final class Share implements AutoCloseable {
    private final Leases leases;
    private final String name;
    private final int partitions;
    private final Duration every;
    private final LongSupplier nanos;
    private final Map<Integer, Lease> held = new HashMap<>();
    private boolean looked;
    private long lookedAt;

    Share(Leases leases, String name, int partitions, Duration every, LongSupplier nanos) {
        this.leases = leases;
        this.name = name;
        this.partitions = partitions;
        this.every = every;
        this.nanos = nanos;
    }

    /// Takes and gives back partitions as is due; does nothing if it has just looked.
    public void step() {
        long now = nanos.getAsLong();
        if (looked && now - lookedAt < every.toNanos()) {
            return;
        }
        look();
        looked = true;
        lookedAt = now;
    }

    private void look() {
        var found = leases.found(name).stream().collect(Collectors.toMap(Leases.Found::partition, lease -> lease));
        held.clear();
        found.values().stream()
                .filter(lease -> lease.isHeldBy(leases.node()))
                .forEach(lease -> held.put(lease.partition(), lease.lease(name)));
        int fair = Math.ceilDiv(partitions, leases.competingFor(name));
        giveBack(held.size() - fair);
        IntStream.range(0, partitions)
                .filter(partition -> !held.containsKey(partition))
                .mapToObj(partition -> found.getOrDefault(partition, new Leases.Found(partition, null, null)))
                .forEach(lease -> {
                    if (held.size() < fair) {
                        leases.take(name, lease).ifPresent(taken -> held.put(taken.partition(), taken));
                    }
                });
    }

    private void giveBack(int surplus) {
        List.copyOf(held.values()).stream().limit(Math.max(0, surplus)).forEach(lease -> {
            held.remove(lease.partition());
            leases.release(lease);
        });
    }

    /// The lease of a partition, if this node believes to hold it.
    public Optional<Lease> lease(int partition) {
        return Optional.ofNullable(held.get(partition));
    }

    /// Takes the lease of a partition, even from a node that is alive. A node that then holds more than its part
    /// gives some back later.
    public Lease seize(int partition) {
        var seized = leases.seize(name, partition);
        held.put(partition, seized);
        return seized;
    }

    /// The time between two looks at who holds which partition.
    public Duration every() {
        return every;
    }

    /// Makes the next step look who holds which partition, since a fence did not hold.
    public void doubt() {
        looked = false;
    }

    /// Gives everything back.
    @Override
    public void close() {
        var all = List.copyOf(held.values());
        held.clear();
        all.forEach(leases::release);
    }
}
