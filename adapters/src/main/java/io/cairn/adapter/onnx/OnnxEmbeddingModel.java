package io.cairn.adapter.onnx;

import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import io.cairn.model.EmbeddingSpace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/// An embedding model that runs in this process, one text per run and one run per thread.
///
/// Queries have threads of their own and the right of way. A text longer than the model's window is embedded
/// in windows, and its vector is their mean, weighted by their tokens. All native work happens on platform
/// threads of this model, whatever the caller's.
public final class OnnxEmbeddingModel implements EmbeddingModel {
    public static final String PROVIDER = "onnx";

    /// The share of a text's characters that may be of no known token.
    private static final double UNKNOWN_MAX = .25;

    private final OnnxModel model;
    private final EmbeddingMeter meter;
    private final EmbeddingSpace space;
    private final List<EmbeddingSpace> formerly;
    private final TokenWindows tokens;
    private final Scripts scripts;
    private final Inference inference;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final RightOfWay rightOfWay = new RightOfWay();
    private final ExecutorService queries;
    private final ExecutorService passages;

    private OnnxEmbeddingModel(
            OnnxModel model,
            EmbeddingMeter meter,
            EmbeddingSpace space,
            List<EmbeddingSpace> formerly,
            TokenWindows tokens,
            Inference inference,
            int threads) {
        this.model = model;
        this.meter = meter;
        this.space = space;
        this.formerly = formerly;
        this.tokens = tokens;
        this.scripts = Scripts.of(model.languages());
        this.inference = inference;
        this.queries = threads("embed-query", threads);
        this.passages = threads("embed-passages", threads);
    }

    /// Reads the model and tries it out.
    ///
    /// @param natives the folder that native libraries are unpacked into
    /// @param threads how many texts are embedded at once, for queries and passages each
    /// @throws ModelBrokenException if a file is missing or not what it should be
    public static OnnxEmbeddingModel open(OnnxModel model, Path natives, int threads, EmbeddingMeter meter) {
        if (threads < 1) {
            throw new IllegalArgumentException("Embedding takes 1 thread or more; found " + threads);
        }
        var weights = model.weights().read();
        var tokenizer = model.tokenizer().read();
        var environment = Natives.prepare(natives);
        var tokens = TokenWindows.open(model.tokenizer(), tokenizer, model.windowTokens());
        Inference inference = null;
        try {
            inference = Inference.open(environment, model, weights);
            int dimensions = ModelTrial.dimensions(model, tokens, inference);
            var space = space(model, Fingerprint.of(model, weights, tokenizer), dimensions);
            var formerly = Fingerprint.formerly(model, weights, tokenizer)
                    .map(fingerprint -> space(model, fingerprint, dimensions))
                    .toList();
            return new OnnxEmbeddingModel(model, meter, space, formerly, tokens, inference, threads);
        } catch (RuntimeException e) {
            if (inference != null) {
                inference.close();
            }
            tokens.close();
            throw e;
        }
    }

    private static EmbeddingSpace space(OnnxModel model, String fingerprint, int dimensions) {
        return new EmbeddingSpace(model.name(), fingerprint, dimensions, model.normalised());
    }

    @Override
    public EmbeddingSpace space() {
        return space;
    }

    @Override
    public boolean isOf(String madeOf) {
        return space.isNamed(madeOf) || formerly.stream().anyMatch(former -> former.isNamed(madeOf));
    }

    @Override
    public String provider() {
        return PROVIDER;
    }

    @Override
    public Set<String> languages() {
        return model.languages();
    }

    @Override
    public boolean reads(String text) {
        return scripts.reads(text) && tokens.unknown(text) < UNKNOWN_MAX;
    }

    @Override
    public float[] embedQuery(String query) {
        rightOfWay.queryStarts();
        try {
            return result(queries.submit(() -> embed(model.queryPrefix() + query)));
        } finally {
            rightOfWay.queryEnds();
        }
    }

    @Override
    public List<float[]> embedPassages(List<String> texts) {
        var tasks = texts.stream()
                .<Callable<float[]>>map(text -> () -> embedGivingWay(text))
                .toList();
        try {
            var vectors = new ArrayList<float[]>(texts.size());
            for (var task : passages.invokeAll(tasks)) {
                vectors.add(result(task));
            }
            return vectors;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /// May be called again, by whoever else holds it.
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        queries.shutdownNow();
        passages.shutdownNow();
        queries.close();
        passages.close();
        inference.close();
        tokens.close();
    }

    private float[] embedGivingWay(String text) throws InterruptedException {
        rightOfWay.giveWay();
        return embed(model.passagePrefix() + text);
    }

    private float[] embed(String text) throws InterruptedException {
        var windows = tokens.of(text);
        var sum = new float[space.dimensions()];
        for (var window : windows) {
            if (Thread.interrupted()) {
                throw new InterruptedException("given up by whoever asked");
            }
            add(sum, inference.run(whole(window)), windows.size() == 1 ? 1 : tokens.own(window));
        }
        return model.normalised() ? normalised(sum) : divided(sum, weight(windows));
    }

    /// The last line of defence: it cannot happen as long as windows are cut to fit, and the count says so.
    private long[] whole(long[] window) {
        if (window.length <= model.windowTokens()) {
            return window;
        }
        meter.cut(PROVIDER, window.length - model.windowTokens());
        return Arrays.copyOf(window, model.windowTokens());
    }

    private float weight(List<long[]> windows) {
        return windows.size() == 1 ? 1 : windows.stream().mapToInt(tokens::own).sum();
    }

    private static void add(float[] sum, float[] vector, float weight) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += weight * vector[i];
        }
    }

    private static float[] divided(float[] vector, float divisor) {
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= divisor;
        }
        return vector;
    }

    private static float[] normalised(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        return squares == 0 ? vector : divided(vector, (float) Math.sqrt(squares));
    }

    private static float[] result(Future<float[]> task) {
        try {
            return task.get();
        } catch (InterruptedException e) {
            task.cancel(true);
            throw interrupted(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new IllegalStateException(e.getCause() == null ? e : e.getCause());
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Embedding was interrupted", e);
    }

    private static ExecutorService threads(String name, int count) {
        return Executors.newFixedThreadPool(
                count, Thread.ofPlatform().daemon().name(name + "-", 0).factory());
    }
}
