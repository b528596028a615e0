package io.cairn.simulation;

import io.cairn.projection.Generations;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The generations of a node's projection, as one process knows them.
final class SimulatedGenerations implements Generations<SimulatedIndex> {
    private final SimulatedDisk disk;
    private final World world;
    private Generation<SimulatedIndex> current;
    private @Nullable Generation<SimulatedIndex> next;

    SimulatedGenerations(SimulatedDisk disk, World world) {
        this.disk = disk;
        this.world = world;
        this.current = open(disk.current());
        this.next = disk.next().map(this::open).orElse(null);
    }

    private Generation<SimulatedIndex> open(int number) {
        return new Generation<>(number, world.engine().index(disk.kept(number), world));
    }

    @Override
    public Optional<String> place() {
        return Optional.of(disk.place());
    }

    @Override
    public Generation<SimulatedIndex> current() {
        return current;
    }

    @Override
    public Optional<Generation<SimulatedIndex>> next() {
        return Optional.ofNullable(next);
    }

    @Override
    public Generation<SimulatedIndex> begin() {
        world.trouble().moment();
        next = null;
        int begun = disk.begin(world.engine().begun(current.projection(), world));
        world.trouble().moment();
        next = open(begun);
        return next;
    }

    @Override
    public Optional<String> noWayBack() {
        return disk.former().isEmpty() ? Optional.of("none is kept") : Optional.empty();
    }

    @Override
    public Generation<SimulatedIndex> revive() {
        next = open(disk.former().orElseThrow());
        return next;
    }

    @Override
    public boolean promote() {
        var promoted = next;
        if (promoted == null) {
            throw new IllegalStateException("There is no next generation");
        }
        world.trouble().moment();
        disk.promote(promoted.number());
        world.trouble().moment();
        current = promoted;
        next = null;
        return true;
    }

    @Override
    public void close() {
        // nothing is held
    }
}
