package io.cairn.simulation;

import io.cairn.event.LogStorage;
import io.cairn.event.StoredEvent;
import io.cairn.follow.ParkedKeys;
import io.cairn.projection.Generations.Generation;
import io.cairn.row.RowKey;
import java.util.List;
import java.util.OptionalLong;

/// Every generation of every node's projection holds what the log holds up to where it is: all but what waits in a
/// parked stream and what was skipped.
final class FollowersEqualFold implements Checker {
    private final LogStorage store;
    private final World world;
    private final LogReader reader;

    FollowersEqualFold(World world, LogReader reader) {
        this.store = world.storage();
        this.world = world;
        this.reader = reader;
    }

    @Override
    public void check() {
        for (var node : world.nodes()) {
            node.generations().forEach(generation -> check(node, generation));
        }
    }

    private void check(Node node, Generation<SimulatedIndex> generation) {
        reader.streams().forEach((stream, events) -> {
            long reached = generation.projection().applied(events.getFirst().partition());
            var held = generation.projection().events(stream);
            for (var event : events) {
                var found = held.get(event.version());
                boolean right = found == null
                        ? event.position() > reached || mayBeMissing(node, generation, stream, event)
                        : found.equals(event.eventId());
                if (!right) {
                    throw new Violation(
                            "Generation %d on %s is at position %d and holds versions %s of %s, but not %d at %d",
                            generation.number(),
                            node,
                            reached,
                            held.keySet(),
                            stream,
                            event.version(),
                            event.position());
                }
            }
        });
    }

    private boolean mayBeMissing(Node node, Generation<?> generation, StreamKey stream, StoredEvent event) {
        var parked = parked(node, generation.number(), stream);
        return (parked.isPresent() && parked.getAsLong() <= event.version())
                || world.skips().hold(stream, event.version());
    }

    private OptionalLong parked(Node node, int generation, StreamKey stream) {
        return store
                .read(snapshot -> snapshot.rows(
                        stream.tenant(), ParkedKeys.TABLE, new RowKey(List.of()), null, Integer.MAX_VALUE))
                .stream()
                .filter(row -> row.text("projection").equals(node.projection())
                        && row.number("generation") == generation
                        && row.text("key").equals(stream.stream().toString()))
                .mapToLong(row -> row.number("version"))
                .findFirst();
    }
}
