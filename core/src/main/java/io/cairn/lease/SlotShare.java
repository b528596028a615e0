package io.cairn.lease;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/// This node's fair part of one thing that is divided into slots in every partition.
///
/// Of each partition every node has its part, as far as there are slots, so that the work of one tenant uses all nodes.
/// Unlike a [Share] it gives back only what is idle: what is still at work there is asked to come to its end, by being
/// among those that [leave][#leaving]. One thread at a time uses it.
public final class SlotShare implements AutoCloseable {
    private final Leases leases;
    private final String name;
    private final int slots;
    private final int partitions;
    private final Duration every;
    private final LongSupplier nanos;
    private final Map<Slot, Lease> held = new HashMap<>();
    private final Map<Slot, Long> tenures = new HashMap<>();
    private final Set<Slot> leaving = new HashSet<>();
    private boolean looked;
    private long lookedAt;

    /// One slot of one partition.
    public record Slot(int partition, int number) {}

    SlotShare(Leases leases, String name, int slots, int partitions, Duration every, LongSupplier nanos) {
        this.leases = leases;
        this.name = name;
        this.slots = slots;
        this.partitions = partitions;
        this.every = every;
        this.nanos = nanos;
    }

    /// Takes and gives back what is due; does nothing if it has just looked, unless a slot that leaves has come to
    /// rest.
    ///
    /// @param idle whether nothing is at work in a slot, so that it may be given back
    public void step(Predicate<Slot> idle) {
        long now = nanos.getAsLong();
        if (looked && now - lookedAt < every.toNanos() && leaving.stream().noneMatch(idle)) {
            return;
        }
        look(idle);
        looked = true;
        lookedAt = now;
    }

    private void look(Predicate<Slot> idle) {
        var found = new HashMap<Slot, Leases.Found>();
        for (int slot = 0; slot < slots; slot++) {
            int number = slot;
            leases.found(named(slot)).forEach(lease -> found.put(new Slot(lease.partition(), number), lease));
        }
        held.clear();
        found.forEach((slot, lease) -> {
            if (lease.isHeldBy(leases.node())) {
                held.put(slot, lease.lease(named(slot.number())));
            }
        });
        var nodes = leases.competitors(name);
        var going = Set.copyOf(leaving);
        leaving.clear();
        for (int partition = 0; partition < partitions; partition++) {
            int part = part(nodes, partition);
            giveBack(partition, part, going, idle);
            take(partition, part, found);
        }
    }

    /// How many slots of a partition this node is to hold. Which nodes have one more differs from one partition to the
    /// next.
    private int part(List<String> nodes, int partition) {
        int turn = (nodes.indexOf(leases.node()) + partition) % nodes.size();
        return slots / nodes.size() + (turn < slots % nodes.size() ? 1 : 0);
    }

    /// Where it has begun to leave it goes on to, so that what ends there is not in vain.
    private void giveBack(int partition, int part, Set<Slot> going, Predicate<Slot> idle) {
        var mine = held(partition);
        mine.stream()
                .sorted(Comparator.comparing((Slot slot) -> !idle.test(slot))
                        .thenComparing(slot -> !going.contains(slot))
                        .thenComparingInt(Slot::number))
                .limit(Math.max(0, mine.size() - part))
                .forEach(slot -> {
                    if (idle.test(slot)) {
                        leases.release(Objects.requireNonNull(held.remove(slot)));
                    } else {
                        leaving.add(slot);
                    }
                });
    }

    private void take(int partition, int part, Map<Slot, Leases.Found> found) {
        int missing = part - held(partition).size();
        for (int number = 0; number < slots && missing > 0; number++) {
            var slot = new Slot(partition, number);
            if (!held.containsKey(slot)) {
                var lease = found.getOrDefault(slot, new Leases.Found(partition, null, null));
                var taken = leases.take(named(number), lease);
                if (taken.isPresent()) {
                    held.put(slot, taken.get());
                    tenures.merge(slot, 1L, Long::sum);
                    missing--;
                }
            }
        }
    }

    private List<Slot> held(int partition) {
        return held.keySet().stream()
                .filter(slot -> slot.partition() == partition)
                .toList();
    }

    private String named(int slot) {
        return name + "/" + slot;
    }

    /// The lease of a slot, if this node believes to hold it.
    public Optional<Lease> lease(Slot slot) {
        return Optional.ofNullable(held.get(slot));
    }

    /// Which time it is that this node holds a slot: another number means that somebody else may have held it between.
    public long tenure(Slot slot) {
        return tenures.getOrDefault(slot, 0L);
    }

    /// What this node believes to hold.
    public List<Slot> held() {
        return held.keySet().stream()
                .sorted(Comparator.comparingInt(Slot::partition).thenComparingInt(Slot::number))
                .toList();
    }

    /// The slots that are more than this node's part, and given back once nothing is at work there.
    public Set<Slot> leaving() {
        return Set.copyOf(leaving);
    }

    /// Takes what this node holds once more, with another token: what it committed before and does not know the fate
    /// of has happened by then, or never will.
    ///
    /// @return those that it still holds
    public List<Slot> renew(Collection<Slot> doubtful) {
        var renewed = new ArrayList<Slot>();
        for (var slot : doubtful) {
            var lease = held.get(slot);
            var again = lease == null ? Optional.<Lease>empty() : leases.again(lease);
            if (again.isPresent()) {
                held.put(slot, again.get());
                renewed.add(slot);
            } else {
                held.remove(slot);
            }
        }
        return renewed;
    }

    /// How often it looks who holds what.
    public Duration every() {
        return every;
    }

    /// Says that a fence has fallen, so that the next step looks who holds what.
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
