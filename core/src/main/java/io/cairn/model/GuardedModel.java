package io.cairn.model;

import io.cairn.model.ModelException.Kind;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A model whose vectors are looked at before they are taken, and whose calls are bounded: how long one may take, and
/// how many for passages may run at once.
///
/// At its limit a caller gives up and gives its permit back, even if the model goes on in spite of the interrupt. A
/// model that has a [guard of its own][EmbeddingModel#isGuarded()] is not bounded once more here: whoever gives up
/// first would hide from the other one what became of the call.
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
        Supplier<float[]> work = () -> checked(model.embedQuery(text, used));
        return model.isGuarded() ? direct(what, work) : within(settings.queryTimeout(), what, work);
    }

    List<float[]> passages(List<String> texts, Consumer<Usage> used) {
        var what = "%d passages".formatted(texts.size());
        Supplier<List<float[]>> work = () -> embedded(texts, used);
        return model.isGuarded() ? direct(what, work) : permitted(what, work);
    }

    private <T> T direct(String what, Supplier<T> work) {
        long start = System.nanoTime();
        var status = EmbeddingMeter.Status.FAILED;
        try {
            T result = work.get();
            status = EmbeddingMeter.Status.OK;
            return result;
        } catch (RuntimeException e) {
            if (e instanceof ModelException model && model.kind() == Kind.SILENT) {
                status = EmbeddingMeter.Status.TIMED_OUT;
            }
            throw EmbeddingException.failed(name(), what, e);
        } finally {
            meter.called(model.provider(), status, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private <T> T permitted(String what, Supplier<T> work) {
        var limit = settings.passagesTimeout();
        long deadline = System.nanoTime() + limit.toNanos();
        takePermit(what, limit);
        try {
            return within(Duration.ofNanos(deadline - System.nanoTime()), what, work);
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
            throw interrupted(Kind.TURNED_AWAY, what, e);
        }
    }

    private <T> T within(Duration limit, String what, Supplier<T> work) {
        long start = System.nanoTime();
        var status = EmbeddingMeter.Status.FAILED;
        var task = new FutureTask<>(work::get);
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
            throw interrupted(Kind.GIVEN_UP, what, e);
        } finally {
            task.cancel(true);
            meter.called(model.provider(), status, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /// @param kind tells whether the model had begun
    private EmbeddingException interrupted(Kind kind, String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return EmbeddingException.failed(
                name(), what, ModelException.of(model.provider(), kind, "The call was interrupted", e));
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
