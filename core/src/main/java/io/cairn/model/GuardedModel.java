package io.cairn.model;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// A model with limits: how long a call may take, and how many calls for passages may run at once.
///
/// At its limit a caller gives up and gives its permit back, even if the model goes on in spite of the interrupt.
final class GuardedModel {
    private final EmbeddingModel model;
    private final EmbeddingMeter meter;
    private final Embeddings.Settings settings;
    private final Semaphore permits;

    GuardedModel(EmbeddingModel model, EmbeddingMeter meter, Embeddings.Settings settings) {
        this.model = model;
        this.meter = meter;
        this.settings = settings;
        this.permits = new Semaphore(settings.callsMax(), true);
    }

    float[] query(String text, Consumer<Usage> used) {
        var what = "a query of %d characters".formatted(text.length());
        return call(what, settings.queryTimeout(), () -> checked(model.embedQuery(text, used)));
    }

    List<float[]> passages(List<String> texts, Consumer<Usage> used) {
        var what = "%d passages".formatted(texts.size());
        var limit = settings.passagesTimeout();
        long deadline = System.nanoTime() + limit.toNanos();
        takePermit(what, limit);
        try {
            return call(what, Duration.ofNanos(deadline - System.nanoTime()), () -> embedded(texts, used));
        } finally {
            permits.release();
        }
    }

    private void takePermit(String what, Duration limit) {
        try {
            if (!permits.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                meter.called(model.provider(), EmbeddingMeter.Status.TIMED_OUT, limit);
                throw EmbeddingException.timedOut(name(), what, limit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EmbeddingException.failed(name(), what, e);
        }
    }

    private <T> T call(String what, Duration limit, Callable<T> work) {
        long start = System.nanoTime();
        var status = EmbeddingMeter.Status.FAILED;
        var task = new FutureTask<>(work);
        Thread.ofVirtual().name("embedding-call").start(task);
        try {
            var result = task.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            status = EmbeddingMeter.Status.OK;
            return result;
        } catch (TimeoutException e) {
            status = EmbeddingMeter.Status.TIMED_OUT;
            throw EmbeddingException.timedOut(name(), what, limit);
        } catch (ExecutionException e) {
            throw EmbeddingException.failed(name(), what, e.getCause() == null ? e : e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EmbeddingException.failed(name(), what, e);
        } finally {
            task.cancel(true);
            meter.called(model.provider(), status, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private List<float[]> embedded(List<String> texts, Consumer<Usage> used) {
        var vectors = model.embedPassages(texts, used);
        if (vectors.size() != texts.size()) {
            throw new IllegalStateException(
                    "it answered %d texts with %d vectors".formatted(texts.size(), vectors.size()));
        }
        vectors.forEach(this::checked);
        return vectors;
    }

    private float[] checked(float[] vector) {
        for (float value : model.space().check(vector)) {
            if (!Float.isFinite(value)) {
                throw new IllegalStateException("it answered with a vector that holds " + value);
            }
        }
        return vector;
    }

    private String name() {
        return model.space().model();
    }
}
