package io.cairn.simulation;

import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.LogStorage;
import io.cairn.feature.Features;
import io.cairn.feature.Orders;
import io.cairn.row.Table;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// What all who act have in common: the store, its nodes, and what befalls them.
final class World {
    static final int PARTITIONS = 2;
    static final List<Tenant> TENANTS =
            Stream.of("acme", "globex", "initech").map(Tenant::new).toList();
    private static final int NODES = 2;

    /// Takes part as in a whole Cairn, by the one list.
    static final Features FEATURES = Features.of(List.of(Orders.feature()));

    private static final List<Table> TABLES = Stream.of(
                    FEATURES.tables(), List.of(Things.TABLE, Tally.COUNTS, Tally.CHECKPOINTS))
            .flatMap(List::stream)
            .toList();

    private final Engine engine;
    private final Chance chance;
    private final Trace trace = new Trace();
    private final Poison poison = new Poison();
    private final List<Node> nodes = new ArrayList<>();
    private final Trouble trouble;
    private final InMemoryLogStorage store;
    private final LogStorage storage;
    private final Skips skips;
    private final Releases releases;

    World(long seed, Engine engine) {
        this.engine = engine;
        this.chance = new Chance(seed);
        this.trouble = new Trouble(chance, trace);
        this.store = InMemoryLogStorage.failing(TABLES, PARTITIONS, trouble).sharedByNodes();
        this.storage = engine.storage(store, trouble::stall);
        this.skips = new Skips(store, Node.PROJECTION, TENANTS, nodes);
        this.releases = new Releases(this);
        for (int node = 1; node <= NODES; node++) {
            nodes.add(new Node("n" + node, this));
        }
    }

    Engine engine() {
        return engine;
    }

    Chance chance() {
        return chance;
    }

    Trace trace() {
        return trace;
    }

    Trouble trouble() {
        return trouble;
    }

    Poison poison() {
        return poison;
    }

    Skips skips() {
        return skips;
    }

    Releases releases() {
        return releases;
    }

    /// As the nodes use it.
    LogStorage storage() {
        return storage;
    }

    List<Node> nodes() {
        return nodes;
    }
}
