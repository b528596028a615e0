package io.cairn.simulation;

import java.util.List;
import java.util.function.Consumer;

/// Somebody who does one thing at a time on a node, whenever the scheduler has it so.
///
/// @param weight how often its turn comes, compared with the others
record Actor(String name, int weight, Consumer<Node> step) {
    static Actor chosen(List<Actor> actors, Chance chance) {
        int drawn = chance.below(actors.stream().mapToInt(Actor::weight).sum());
        for (var actor : actors) {
            drawn -= actor.weight();
            if (drawn < 0) {
                return actor;
            }
        }
        throw new IllegalStateException("Nobody was drawn");
    }

    /// The same, with more to do.
    Actor busier(int times) {
        return new Actor(name, weight * times, step);
    }
}
