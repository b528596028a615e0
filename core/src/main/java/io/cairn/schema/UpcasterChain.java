package io.cairn.schema;

import io.cairn.event.EventType;
import io.cairn.event.UpcastException;
import io.cairn.event.Upcasters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The upcasters of one type, in the order of the versions.
final class UpcasterChain {
    private final EventType type;

    /// The step from version n stands at n - 1; null where none is possible.
    private final List<@Nullable Upcaster> steps;

    private UpcasterChain(EventType type, List<@Nullable Upcaster> steps) {
        this.type = type;
        this.steps = steps;
    }

    /// A type that has its first version only.
    static UpcasterChain start(EventType type) {
        return new UpcasterChain(type, List.of());
    }

    /// A chain that leads from every version to the newest.
    ///
    /// @throws BrokenUpcasterChainException if there is a gap, a cycle, or a choice
    static UpcasterChain complete(EventType type, int newest, List<Upcaster> upcasters) {
        var steps = new ArrayList<@Nullable Upcaster>(Collections.nCopies(newest - 1, null));
        for (var upcaster : upcasters) {
            requireNext(type, newest, upcaster);
            if (steps.set(upcaster.from() - 1, upcaster) != null) {
                throw new BrokenUpcasterChainException(
                        "%s has two upcasters from version %d; remove one".formatted(type, upcaster.from()));
            }
        }
        for (int from = 1; from < newest; from++) {
            if (steps.get(from - 1) == null) {
                throw new BrokenUpcasterChainException(
                        "The upcasters of %s have a gap: none leads from version %d to %d, and version %d is the newest"
                                .formatted(type, from, from + 1, newest));
            }
        }
        return new UpcasterChain(type, steps);
    }

    private static void requireNext(EventType type, int newest, Upcaster upcaster) {
        int from = upcaster.from();
        int to = upcaster.to();
        if (to <= from) {
            throw new BrokenUpcasterChainException(
                    "The upcasters of %s have a cycle: one leads from version %d back to %d; an upcaster leads to the next version"
                            .formatted(type, from, to));
        }
        if (to > from + 1) {
            throw new BrokenUpcasterChainException(
                    "The upcasters of %s have a gap: one leads from version %d to %d; an upcaster leads to the next version, here %d"
                            .formatted(type, from, to, from + 1));
        }
        if (from < 1 || to > newest) {
            throw new BrokenUpcasterChainException("%s has an upcaster from version %d to %d, but has versions 1 to %d"
                    .formatted(type, from, to, newest));
        }
    }

    /// This chain with one more step; null if none is possible.
    UpcasterChain then(@Nullable Upcaster step) {
        var more = new ArrayList<>(steps);
        more.add(step);
        return new UpcasterChain(type, Collections.unmodifiableList(more));
    }

    int newest() {
        return steps.size() + 1;
    }

    /// The payload as far towards the newest version as the steps lead.
    ///
    /// @throws UpcastException if a step cannot transform it
    Upcasters.Upcast upcast(int schemaVersion, JsonNode payload) {
        int version = schemaVersion;
        var json = payload;
        while (version < newest()) {
            var step = steps.get(version - 1);
            if (step == null) {
                break;
            }
            json = applied(step, json);
            version++;
        }
        return new Upcasters.Upcast(version, json);
    }

    private JsonNode applied(Upcaster step, JsonNode payload) {
        try {
            return step.function().apply(payload);
        } catch (RuntimeException failure) {
            throw new UpcastException(type, step.from(), reason(failure), failure);
        }
    }

    private static String reason(RuntimeException failure) {
        return failure instanceof PatchException patch ? String.valueOf(patch.getMessage()) : failure.toString();
    }
}
