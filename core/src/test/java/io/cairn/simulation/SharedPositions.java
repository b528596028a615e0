package io.cairn.simulation;

import io.cairn.projection.RunningRows;
import java.util.HashMap;
import java.util.Map;

/// How far a node says that the shared rows have come never goes back while the node lives, and is never further than
/// they have come.
final class SharedPositions implements Checker {
    private final World world;
    private final SharedGenerations generations;
    private final Map<Node, Seen> seen = new HashMap<>();

    /// What a node said in one of its lives.
    private record Seen(RunningRows life, Map<Integer, Long> positions) {}

    SharedPositions(World world) {
        this.world = world;
        this.generations = new SharedGenerations(world.storage());
    }

    @Override
    public void check() {
        world.nodes().forEach(this::check);
    }

    private void check(Node node) {
        var life = node.shared();
        var before = seen.get(node);
        var positions = new HashMap<Integer, Long>();
        for (int partition = 0; partition < World.PARTITIONS; partition++) {
            long visible = life.visible(partition);
            positions.put(partition, visible);
            long reached = generations.reached(partition);
            if (visible > reached) {
                throw new Violation("%s says that shared rows are at %d; they are at %d", node, visible, reached);
            }
            if (before != null && before.life() == life && before.positions().getOrDefault(partition, 0L) > visible) {
                throw new Violation("On %s the shared rows went back from %s to %d", node, before.positions(), visible);
            }
        }
        seen.put(node, new Seen(life, positions));
    }
}
