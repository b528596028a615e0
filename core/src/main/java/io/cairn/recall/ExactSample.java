package io.cairn.recall;

import io.cairn.tenant.Tenant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleConsumer;
import java.util.function.DoubleSupplier;
import java.util.stream.Collectors;

/// Compares a sample of approximate searches with exact ones: what share of the exact best ones did they
/// find?
///
/// An exact search reads every vector of a tenant, so it must never be in a query's way. One thread of
/// low priority does one comparison after the other, at most one more waits, and after each it rests for
/// twenty times as long as it took; what comes meanwhile is passed over. However many queries come and
/// however large an index is, all of it costs about a twentieth of one core at most.
public final class ExactSample implements DenseWatch, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(ExactSample.class.getName());
    private static final int BEST = 10;
    private static final int REST = 20;

    private final double share;
    private final DoubleSupplier random;
    private final DoubleConsumer ratios;
    private final ThreadPoolExecutor thread = new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(1),
            Thread.ofPlatform()
                    .name("cairn-exact-sample")
                    .daemon(true)
                    .priority(Thread.MIN_PRIORITY)
                    .factory(),
            new ThreadPoolExecutor.DiscardPolicy());
    private volatile long restsUntilNanos = System.nanoTime();

    /// @param share of the searches that are compared, 0 to 1
    /// @param random draws from 0 to 1
    /// @param ratios is told each share of the exact ten best that was found
    public ExactSample(double share, DoubleSupplier random, DoubleConsumer ratios) {
        this.share = share;
        this.random = random;
        this.ratios = ratios;
    }

    @Override
    public void searched(DenseIndex index, Tenant tenant, String query, float[] vector, Filters filters) {
        if (random.getAsDouble() < share && System.nanoTime() - restsUntilNanos >= 0) {
            thread.execute(() -> compare(index, tenant, vector, filters));
        }
    }

    private void compare(DenseIndex index, Tenant tenant, float[] vector, Filters filters) {
        long start = System.nanoTime();
        try {
            if (index.approximates(tenant, filters)) {
                ratios.accept(ratio(index, tenant, vector, filters));
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "A search could not be compared with an exact one", e);
        }
        long end = System.nanoTime();
        restsUntilNanos = end + REST * (end - start);
    }

    private static double ratio(DenseIndex index, Tenant tenant, float[] vector, Filters filters) {
        var exact = index.search(tenant, vector, filters, BEST, true);
        var found = index.search(tenant, vector, filters, BEST, false).stream()
                .map(candidate -> candidate.ref().id())
                .collect(Collectors.toSet());
        return exact.isEmpty()
                ? 1
                : (double) exact.stream()
                                .filter(candidate ->
                                        found.contains(candidate.ref().id()))
                                .count()
                        / exact.size();
    }

    /// Waits for the comparison under way, since its thread must not be interrupted while it reads an
    /// index.
    @Override
    public void close() {
        thread.close();
    }
}
