package io.cairn.simulation;

import io.cairn.event.LogStorage;
import io.cairn.event.StreamId;
import io.cairn.follow.SkippedEvents;
import io.cairn.row.Row;
import io.cairn.simulation.SimulatedDisk.Place;
import io.cairn.tenant.Tenant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/// The events that operators have decided to do without, as the store has them.
///
/// From then on no generation of the node on which it was decided may take them in, and no generation anywhere that
/// begins later.
final class Skips implements Checker {
    private final LogStorage store;
    private final String projection;
    private final List<Tenant> tenants;
    private final List<Node> nodes;
    private final Set<Row> seen = new HashSet<>();

    Skips(LogStorage store, String projection, List<Tenant> tenants, List<Node> nodes) {
        this.store = store;
        this.projection = projection;
        this.tenants = tenants;
        this.nodes = nodes;
    }

    boolean hold(StreamKey stream, long version) {
        return rows(stream.tenant())
                .filter(row -> row.text("key").equals(stream.stream().toString()))
                .anyMatch(row -> row.number("from_version") <= version && version <= row.number("to_version"));
    }

    Set<Place> all() {
        var all = new HashSet<Place>();
        tenants.forEach(
                tenant -> rows(tenant).flatMap(row -> places(tenant, row)).forEach(all::add));
        return all;
    }

    private Stream<Row> rows(Tenant tenant) {
        return store.read(
                snapshot -> snapshot
                        .rows(tenant, SkippedEvents.TABLE, SkippedEvents.TABLE.key(projection), null, Integer.MAX_VALUE)
                        .stream());
    }

    private static Stream<Place> places(Tenant tenant, Row row) {
        var key = row.text("key").split("/", 2);
        var stream = new StreamKey(tenant, new StreamId(key[0], key[1]));
        return LongStream.rangeClosed(row.number("from_version"), row.number("to_version"))
                .mapToObj(version -> new Place(stream, version));
    }

    @Override
    public void check() {
        for (var tenant : tenants) {
            rows(tenant)
                    .filter(seen::add)
                    .forEach(row -> nodes.stream()
                            .filter(node -> node.name().equals(row.text("skipped_by")))
                            .flatMap(Node::generations)
                            .forEach(generation -> places(tenant, row)
                                    .filter(place -> !generation
                                            .projection()
                                            .events(place.stream())
                                            .containsKey(place.version()))
                                    .forEach(generation.projection().kept::bar)));
        }
    }
}
