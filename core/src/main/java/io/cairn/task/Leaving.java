package io.cairn.task;

import io.cairn.lease.SlotShare.Slot;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What may still be begun in the slots that this node gives back to another one.
///
/// A slot can only go while nothing runs in it, and under constant load something always does. So for a while nothing
/// is begun there, and short tasks end. What still runs afterwards may take hours: until it has ended, the lanes in
/// which nothing runs there go on, and those in which something does stay closed until the slot has gone, so that each
/// of them holds it once at most. Then the next while begins.
final class Leaving {
    private final long whileNanos;
    private final Map<Slot, Rest> slots = new HashMap<>();

    /// How a slot comes to rest.
    private static final class Rest {
        private final Set<String> closed = new HashSet<>();
        private Set<Run> awaited = Set.of();
        private long since;

        Rest(long since) {
            this.since = since;
        }

        void look(List<Run> running, long whileNanos, long now) {
            if (!awaited.isEmpty() && running.stream().noneMatch(awaited::contains)) {
                awaited = Set.of();
                since = now;
            }
            if (awaited.isEmpty() && now - since >= whileNanos) {
                awaited = Set.copyOf(running);
                running.forEach(run -> closed.add(run.task().lane()));
            }
        }

        boolean mayBegin(String lane) {
            return !awaited.isEmpty() && !closed.contains(lane);
        }
    }

    /// @param time the while in which nothing is begun
    Leaving(Duration time) {
        this.whileNanos = time.toNanos();
    }

    /// Takes note of which slots leave, and of what runs.
    void look(Set<Slot> leaving, Collection<Run> running, long now) {
        slots.keySet().retainAll(leaving);
        for (var slot : leaving) {
            slots.computeIfAbsent(slot, first -> new Rest(now))
                    .look(
                            running.stream()
                                    .filter(run -> run.slot().equals(slot))
                                    .toList(),
                            whileNanos,
                            now);
        }
    }

    boolean mayBegin(Slot slot, String lane) {
        var rest = slots.get(slot);
        return rest == null || rest.mayBegin(lane);
    }
}
