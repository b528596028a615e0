package io.cairn.server.ops;

import io.cairn.guard.Loop;
import io.cairn.recall.Sweeps;
import io.cairn.recall.VectorSweep;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The turns of the sweeps: they work a quarter of their time, so that others come first.
public final class Sweeper implements Loop.Turn {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final int REST = 3;

    private final Sweeps sweeps;
    private final MeterRegistry meters;
    private final CountDownLatch stopping = new CountDownLatch(1);

    private Sweeper(Function<VectorSweep.Pace, Sweeps> sweeps, MeterRegistry meters) {
        this.sweeps = sweeps.apply(this::rest);
        this.meters = meters;
        count("vectors", 0);
        count("blobs", 0);
    }

    /// @param sweeps made with the pace that they are to keep
    public static Loop start(Function<VectorSweep.Pace, Sweeps> sweeps, MeterRegistry meters) {
        var sweeper = new Sweeper(sweeps, meters);
        return Loop.inBackground("cairn-sweep", sweeper.sweeps.untilDue(), sweeper);
    }

    @Override
    public Duration take() {
        sweeps.step().ifPresent(swept -> {
            count("vectors", swept.vectors());
            count("blobs", swept.blobs());
        });
        return sweeps.untilDue();
    }

    /// What keeps a sweep from its work, such as a store that is busy, may have passed when the next
    /// is due.
    @Override
    public Duration failed(RuntimeException failure, int inARow) {
        LOG.warn("The sweep failed; the next attempt comes in {}", sweeps.untilDue(), failure);
        return sweeps.untilDue();
    }

    private void count(String what, long removed) {
        meters.counter("sweep.removed", "what", what).increment(removed);
    }

    private void rest(long nanosWorked) {
        try {
            if (stopping.await(REST * nanosWorked, TimeUnit.NANOSECONDS)) {
                throw new VectorSweep.SweepStopped("the server stops");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new VectorSweep.SweepStopped("it was interrupted");
        }
    }

    /// A sweep that is under way ends where it is.
    @Override
    public void wake() {
        stopping.countDown();
    }
}
