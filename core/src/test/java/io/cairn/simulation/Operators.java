package io.cairn.simulation;

import io.cairn.event.EventSteps;
import io.cairn.feature.Orders;
import io.cairn.follow.Parked;
import io.cairn.follow.Skipped;
import io.cairn.tenant.Context;
import java.util.stream.Stream;

/// Mend, retry, skip, rebuild and roll back, at the worst of times.
final class Operators {
    private final Chance chance;
    private final Poison poison;
    private final Trace trace;
    private int skips;
    private int rebuilds;

    Operators(World world) {
        this.chance = world.chance();
        this.poison = world.poison();
        this.trace = world.trace();
    }

    void tendProjection(Node node) {
        switch (chance.below(8)) {
            case 0, 1 -> poison.mendOne(chance);
            case 2, 3, 4 -> retry(node);
            case 5 -> skip(node);
            case 6 -> trace.note("begins generation %d", node.host().rebuild());
            default -> trace.note("rolls back: %s", node.host().rollback());
        }
    }

    private void retry(Node node) {
        var tenant = chance.pick(World.TENANTS);
        trace.note(
                "of %s were retried with success: %d", tenant.id(), node.host().retry(tenant, null));
    }

    private void skip(Node node) {
        chance.pickAny(parked(node).toList()).ifPresent(parked -> {
            trace.note(
                    "skips %s of %s from version %d",
                    parked.key(), parked.tenant().id(), parked.version());
            var context = new Context(parked.tenant(), node.name(), "simulation");
            if (node.host().skip(context, parked.key()) instanceof Skipped.Done) {
                skips++;
            }
        });
    }

    private static Stream<Parked> parked(Node node) {
        return World.TENANTS.stream().flatMap(tenant -> node.host().parked(tenant, null, Integer.MAX_VALUE).stream());
    }

    /// Tends what all nodes have in common.
    void tendShared(Node node) {
        switch (chance.below(8)) {
            case 0, 1, 2 -> retryShared(node);
            case 3 -> skipShared(node);
            case 4, 5 -> trace.note("begins shared generation %d", node.shared().rebuild());
            default ->
                trace.note("rolls the shared rows back: %s", node.shared().rollback());
        }
    }

    private void retryShared(Node node) {
        var tenant = chance.pick(World.TENANTS);
        trace.note(
                "of %s were retried with success: %d",
                tenant.id(), node.shared().retry(tenant, null));
    }

    private void skipShared(Node node) {
        var tenant = chance.pick(World.TENANTS);
        chance.pickAny(node.shared().parked(tenant, null, Integer.MAX_VALUE)).ifPresent(parked -> {
            trace.note("skips %s of %s from version %d", parked.key(), tenant.id(), parked.version());
            trace.note("%s", node.shared().skip(new Context(tenant, node.name(), "simulation"), parked.key()));
        });
    }

    /// Builds the tables of an inline projection anew.
    void tendTables(Node node) {
        var underWay = node.rebuild();
        if (underWay.isEmpty()) {
            if (chance.oneIn(4)) {
                var name = chance.evens() ? Things.NAME : Orders.READ_MODEL;
                node.rebuild(EventSteps.rebuild(node.log(), name));
                trace.note("begins to rebuild %s", name);
            }
        } else {
            // One that fails is given up.
            node.rebuild(null);
            goOn(node, underWay.get());
        }
    }

    private void goOn(Node node, EventSteps.Rebuild underWay) {
        try {
            if (!underWay.ready() || chance.oneIn(3)) {
                underWay.step();
                node.rebuild(underWay);
            } else {
                underWay.finish();
                rebuilds++;
                trace.note("has rebuilt it");
            }
        } catch (IllegalStateException | IllegalArgumentException e) {
            trace.note("gave up: %s", e);
        }
    }

    /// Everything that was put aside is taken in.
    boolean retryAll(Node node) {
        long retried = World.TENANTS.stream()
                .mapToInt(tenant -> node.host().retry(tenant, null))
                .sum();
        var left = parked(node).toList();
        if (!left.isEmpty()) {
            throw new Violation("What was mended stays parked: %s", left);
        }
        return retried > 0;
    }

    /// The same of what all nodes have in common.
    void retryAllShared(Node node) {
        World.TENANTS.forEach(tenant -> node.shared().retry(tenant, null));
    }

    int skips() {
        return skips;
    }

    int rebuilds() {
        return rebuilds;
    }
}
