package io.cairn.server.ops;

import io.cairn.recall.Sweeps;
import io.cairn.recall.VectorSweep;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The thin shell around sweeps: a thread that works a quarter of its time, so that others come first.
public final class Sweeper implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final int REST = 3;

    private final Sweeps sweeps;
    private final MeterRegistry meters;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    private Sweeper(Function<VectorSweep.Pace, Sweeps> sweeps, MeterRegistry meters) {
        this.sweeps = sweeps.apply(this::rest);
        this.meters = meters;
        count("vectors", 0);
        count("blobs", 0);
        this.thread = Thread.ofPlatform()
                .name("cairn-sweep")
                .daemon(true)
                .priority(Thread.MIN_PRIORITY)
                .unstarted(this::run);
    }

    /// @param sweeps made with the pace that they are to keep
    public static Sweeper start(Function<VectorSweep.Pace, Sweeps> sweeps, MeterRegistry meters) {
        var started = new Sweeper(sweeps, meters);
        started.thread.start();
        return started;
    }

    private void run() {
        try {
            while (!stopping.await(sweeps.untilDue().toMillis(), TimeUnit.MILLISECONDS)) {
                step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// What keeps a sweep from its work, such as a store that is busy, may have passed when the next
    /// is due.
    private void step() {
        try {
            sweeps.step().ifPresent(swept -> {
                count("vectors", swept.vectors());
                count("blobs", swept.blobs());
            });
        } catch (RuntimeException e) {
            LOG.warn("The sweep failed; the next attempt comes in {}", sweeps.untilDue(), e);
        }
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

    @Override
    public void close() {
        stopping.countDown();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
