package io.cairn.event;

import io.cairn.guard.Loop;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The callers that wait for outcomes, none of them for ever.
///
/// One thread looks now and then for those who have waited too long. A wait with a timeout of its own would cost each
/// append two more switches of threads, since a virtual thread leaves its timeout to a thread that keeps the time: a
/// fifth of the processor time of an append that nobody shares the flush with.
final class OutcomeWaits implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(OutcomeWaits.class.getName());
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private final long waitNanosMax;
    private final Map<CompletableFuture<Appended>, Long> since = new ConcurrentHashMap<>();
    private @Nullable Loop looking;

    OutcomeWaits(Duration waitMax) {
        this.waitNanosMax = waitMax.toNanos();
    }

    void start() {
        looking = Loop.start("cairn-waits", LOOK_EVERY, new Loop.Turn() {
            @Override
            public Duration take() {
                step(System.nanoTime());
                return LOOK_EVERY;
            }

            @Override
            public Duration failed(RuntimeException failure, int inARow) {
                LOG.log(System.Logger.Level.WARNING, "Not all who waited too long could be told", failure);
                return LOOK_EVERY;
            }
        });
    }

    /// Waits until the outcome is known, or has been waited for too long.
    Appended await(CompletableFuture<Appended> outcome) throws InterruptedException, ExecutionException {
        if (outcome.isDone()) {
            return outcome.get();
        }
        since.put(outcome, System.nanoTime());
        try {
            return outcome.get();
        } finally {
            since.remove(outcome);
        }
    }

    int waiting() {
        return since.size();
    }

    /// Tells those who have waited too long.
    void step(long nanoTime) {
        since.forEach((outcome, began) -> {
            if (nanoTime - began > waitNanosMax) {
                outcome.completeExceptionally(new StorageException(
                        StorageException.Kind.UNKNOWN,
                        "The log has not answered within %d s; ask again with the same event ids"
                                .formatted(waitNanosMax / 1_000_000_000),
                        new TimeoutException()));
            }
        });
    }

    @Override
    public void close() {
        if (looking != null) {
            looking.close();
        }
    }
}
