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
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// This node's fair part of one thing that is divided into slots in every partition.
///
/// Unlike a [Share] it gives back only what is idle: what is still at work there is asked to come to its end, by being
/// among those that [leave][#isLeaving]. One thread at a time uses it.
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

    /// Takes and gives back what is due; does nothing if it has just looked.
    ///
    /// @param idle whether nothing is at work in a slot, so that it may be given back
    public void step(Predicate<Slot> idle) {
        long now = nanos.getAsLong();
        if (looked && now - lookedAt < every.toNanos()) {
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
        int fair = Math.ceilDiv(slots * partitions, leases.competingFor(name));
        giveBack(held.size() - fair, idle);
        all().filter(slot -> !held.containsKey(slot)).forEach(slot -> {
            if (held.size() < fair) {
                var lease = found.getOrDefault(slot, new Leases.Found(slot.partition(), null, null));
                leases.take(named(slot.number()), lease).ifPresent(taken -> {
                    held.put(slot, taken);
                    tenures.merge(slot, 1L, Long::sum);
                });
            }
        });
    }

    private void giveBack(int surplus, Predicate<Slot> idle) {
        leaving.clear();
        if (surplus <= 0) {
            return;
        }
        var going = held.keySet().stream()
                .sorted(Comparator.comparing((Slot slot) -> !idle.test(slot))
                        .thenComparingInt(Slot::number)
                        .thenComparingInt(Slot::partition))
                .limit(surplus)
                .toList();
        for (var slot : going) {
            if (idle.test(slot)) {
                leases.release(Objects.requireNonNull(held.remove(slot)));
            } else {
                leaving.add(slot);
            }
        }
    }

    private Stream<Slot> all() {
        return IntStream.range(0, partitions)
                .boxed()
                .flatMap(partition -> IntStream.range(0, slots).mapToObj(slot -> new Slot(partition, slot)));
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

    /// Whether a slot is more than this node's part, so that nothing is to be begun there.
    public boolean isLeaving(Slot slot) {
        return leaving.contains(slot);
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
