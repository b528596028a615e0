package io.cairn.lease;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The thin shell around a node's signs of life.
final class LeaseThread implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(LeaseThread.class.getName());

    private final Leases leases;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread;

    private LeaseThread(Leases leases) {
        this.leases = leases;
        this.thread = Thread.ofPlatform().name("cairn-leases").daemon(true).unstarted(this::run);
    }

    static LeaseThread start(Leases leases) {
        var started = new LeaseThread(leases);
        started.thread.start();
        return started;
    }

    private void run() {
        boolean stop = false;
        while (!stop) {
            try {
                leases.step();
            } catch (RuntimeException e) {
                LOG.log(
                        System.Logger.Level.WARNING,
                        "Node %s could not give a sign of life; if it cannot for %s, others take over from it"
                                .formatted(leases.node(), leases.settings().time()),
                        e);
            }
            stop = stopped();
        }
    }

    private boolean stopped() {
        try {
            return stopping.await(leases.settings().beatEvery().toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true;
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
