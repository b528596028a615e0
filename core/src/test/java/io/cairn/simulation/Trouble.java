package io.cairn.simulation;

import io.cairn.event.InMemoryLogStorage;
import io.cairn.event.StorageException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What befalls the node that acts: at each of its dealings with the store or with its own disk it may be refused, left
/// in doubt, stalled while others go on, or killed.
final class Trouble implements InMemoryLogStorage.Faults {
    private final Chance chance;
    private final Trace trace;
    private Consumer<Node> meanwhile = stalled -> {};
    private @Nullable Node acting;
    private @Nullable Violation found;
    private boolean stalled;
    private boolean calm;
    private int faults;
    private int stalls;

    Trouble(Chance chance, Trace trace) {
        this.chance = chance;
        this.trace = trace;
    }

    /// @param others what others do while the given node stands still
    void meanwhile(Consumer<Node> others) {
        meanwhile = others;
    }

    /// From now on all goes well.
    void calm() {
        calm = true;
    }

    int faults() {
        return faults;
    }

    int stalls() {
        return stalls;
    }

    /// Lets a node do something, and whatever befalls it meanwhile.
    void as(Node node, String what, Consumer<Node> work) {
        var before = acting;
        acting = node;
        trace.note("%s: %s", node.name(), what);
        trace.enter();
        try {
            work.accept(node);
        } catch (SimulatedCrash e) {
            node.die();
        } catch (StorageException e) {
            trace.note("gave up: %s", e);
        } catch (Violation e) {
            found = e;
            throw e;
        } catch (RuntimeException e) {
            failed(node, e);
        } finally {
            trace.leave();
            acting = before;
        }
    }

    private void failed(Node node, RuntimeException failure) {
        if (!node.dead()) {
            found = Violation.by(failure);
            throw found;
        }
    }

    /// A violation that was found while others went on may have been taken for the failure of who stood still.
    void rethrow() {
        if (found != null) {
            throw found;
        }
    }

    @Override
    public void at(InMemoryLogStorage.Step step) {
        if (acting == null) {
            return;
        }
        moment();
        if (!calm && chance.oneIn(step == InMemoryLogStorage.Step.READ ? 150 : 40)) {
            faults++;
            var kind = kind(step);
            trace.note("%s at %s", kind, step);
            throw new StorageException(kind, "simulated %s at %s".formatted(kind, step), new IllegalStateException());
        }
        if (chance.oneIn(40)) {
            stall();
        }
    }

    private StorageException.Kind kind(InMemoryLogStorage.Step step) {
        return switch (step) {
            case READ, BEGIN -> StorageException.Kind.BUSY;
            case INSERT, CHANGE -> chance.evens() ? StorageException.Kind.FULL : StorageException.Kind.BROKEN;
            case BEFORE_COMMIT -> chance.evens() ? StorageException.Kind.UNKNOWN : StorageException.Kind.BROKEN;
            case AFTER_COMMIT -> StorageException.Kind.UNKNOWN;
        };
    }

    /// A moment at which the acting node may be killed.
    void moment() {
        var node = acting;
        if (node == null) {
            return;
        }
        if (!calm && !node.dead() && chance.oneIn(150)) {
            node.die();
        }
        if (node.dead()) {
            throw new SimulatedCrash();
        }
    }

    /// The acting node stands still while others go on.
    void stall() {
        var node = acting;
        if (calm || stalled || node == null || node.dead()) {
            return;
        }
        stalls++;
        stalled = true;
        trace.note("stands still while");
        trace.enter();
        try {
            meanwhile.accept(node);
        } finally {
            trace.leave();
            stalled = false;
        }
    }
}
