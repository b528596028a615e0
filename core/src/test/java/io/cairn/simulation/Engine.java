package io.cairn.simulation;

import io.cairn.event.Appended;
import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.LogFeed;
import io.cairn.event.LogStorage;
import io.cairn.event.PartitionUnit;
import io.cairn.simulation.SimulatedDisk.Kept;

/// What is simulated: the engine as it is, or with a part that was broken on purpose.
interface Engine {
    Engine CORRECT = new Engine() {};

    default LogStorage storage(InMemoryLogStorage store, Runnable stall) {
        return store;
    }

    /// The store as a node believes it to be, as long as the node lives.
    default LogStorage believed(LogStorage storage) {
        return storage;
    }

    /// One generation of a projection.
    default SimulatedIndex index(Kept kept, World world) {
        return new SimulatedIndex(kept, world);
    }

    /// What is committed under a lease.
    default PartitionUnit leased(PartitionUnit unit) {
        return unit;
    }

    /// Commits a unit of a partition.
    default Appended commit(LogFeed feed, PartitionUnit unit) {
        return feed.append(leased(unit));
    }

    /// Who consumes the log from outside.
    default Subscriber subscriber(World world) {
        return new Subscriber(world);
    }

    /// What a new generation begins with.
    default Kept begun(SimulatedIndex current, World world) {
        return new Kept(world.skips().all());
    }
}
