package io.cairn.bench;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.onnx.bgesmallenv15q.BgeSmallEnV15QuantizedEmbeddingModel;
import io.cairn.adapter.onnx.OnnxEmbeddingModel;
import io.cairn.adapter.onnx.OnnxModel;
import io.cairn.model.EmbeddingMeter;
import io.cairn.model.EmbeddingModel;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Embedding side by side with LangChain4j, the same weights in the same process: texts per second, processor time per
/// text, how far the vectors are apart, and how long a query takes while passages are embedded.
///
/// The processor time is what remains comparable when other programs use the machine.
public final class EmbedBench {
    private static final int ROUNDS = 5;
    private static final int WORDS_LONG = 165;
    private static final int WORDS_SHORT = 16;
    private static final String[] WORDS = """
            the of and to in a is that for it was on are as with they at be this have from or one had by word but not
            what all were we when your can said there use an each which she do how their if will up other about out many
            then them these so some her would make like him into time has look two more write go see number no way could
            people my than first water been call who oil its now find long down day did get come made may part city
            library budget committee river market treaty protein kernel engine harvest signal copper bridge winter
            """.strip().split("\\s+");

    private EmbedBench() {}

    /// @param args the folder for native libraries, if not `target/natives`
    public static void main(String[] args) throws Exception {
        var natives = Path.of(args.length > 0 ? args[0] : "target/natives");
        int cores = Runtime.getRuntime().availableProcessors();
        try (var cairn = OnnxEmbeddingModel.open(OnnxModel.bgeSmallEnglish(), natives, cores, EmbeddingMeter.none())) {
            var peer = new BgeSmallEnV15QuantizedEmbeddingModel();
            Function<List<String>, List<float[]>> langchain =
                    texts -> peer.embedAll(texts.stream().map(TextSegment::from).toList()).content().stream()
                            .map(embedding -> embedding.vector())
                            .toList();
            System.out.printf(
                    "%d cores, load %.1f, Java %s%n%n",
                    cores,
                    ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                    System.getProperty("java.version"));
            System.out.println(
                    "| texts | LangChain4j embedAll | Cairn | throughput | processor time | cosine, least |");
            System.out.println("|---|---|---|---|---|---|");
            compare("~190 tokens", texts(WORDS_LONG, 96), langchain, cairn::embedPassages);
            compare("~20 tokens", texts(WORDS_SHORT, 480), langchain, cairn::embedPassages);
            System.out.println();
            queryTimes("a query alone", cairn);
            whileEmbedding(cairn);
        }
    }

    private static void compare(
            String name,
            List<String> texts,
            Function<List<String>, List<float[]>> peer,
            Function<List<String>, List<float[]>> cairn) {
        double apart = leastCosine(peer.apply(texts), cairn.apply(texts));
        var peers = new ArrayList<Run>();
        var ours = new ArrayList<Run>();
        for (int round = 0; round < ROUNDS; round++) {
            peers.add(run(peer, texts));
            ours.add(run(cairn, texts));
        }
        var theirs = median(peers);
        var own = median(ours);
        System.out.printf(
                "| %s | %.0f/s, %.2f ms | %.0f/s, %.2f ms | %.2f × | %.2f × less | %.4f |%n",
                name,
                theirs.perSecond(),
                theirs.cpuMillis(),
                own.perSecond(),
                own.cpuMillis(),
                own.perSecond() / theirs.perSecond(),
                theirs.cpuMillis() / own.cpuMillis(),
                apart);
    }

    /// One pass over the texts.
    private record Run(double perSecond, double cpuMillis) {}

    private static Run run(Function<List<String>, List<float[]>> embedder, List<String> texts) {
        long cpu = cpuNanos();
        long start = System.nanoTime();
        int count = embedder.apply(texts).size();
        double seconds = (System.nanoTime() - start) / 1e9;
        return new Run(count / seconds, (cpuNanos() - cpu) / 1e6 / count);
    }

    private static Run median(List<Run> runs) {
        return new Run(
                runs.stream()
                        .mapToDouble(Run::perSecond)
                        .sorted()
                        .skip(ROUNDS / 2)
                        .findFirst()
                        .orElseThrow(),
                runs.stream()
                        .mapToDouble(Run::cpuMillis)
                        .sorted()
                        .skip(ROUNDS / 2)
                        .findFirst()
                        .orElseThrow());
    }

    private static void whileEmbedding(EmbeddingModel model) throws InterruptedException {
        try (var batches = Executors.newSingleThreadExecutor()) {
            var running = batches.submit(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    model.embedPassages(texts(WORDS_LONG, 64));
                }
            });
            queryTimes("a query while passages are embedded", model);
            running.cancel(true);
        }
    }

    private static void queryTimes(String name, EmbeddingModel model) {
        var queries = texts(WORDS_SHORT, 220);
        var nanos = new long[200];
        for (int i = 0; i < queries.size(); i++) {
            long start = System.nanoTime();
            model.embedQuery(queries.get(i));
            if (i >= queries.size() - nanos.length) {
                nanos[i - (queries.size() - nanos.length)] = System.nanoTime() - start;
            }
        }
        Arrays.sort(nanos);
        System.out.printf(
                "%s: p50 %s, p95 %s%n", name, millis(nanos[nanos.length / 2]), millis(nanos[nanos.length * 95 / 100]));
    }

    private static String millis(long nanos) {
        return "%.1f ms".formatted(Duration.ofNanos(nanos).toNanos() / 1e6);
    }

    private static List<String> texts(int words, int count) {
        var random = new Random(words * 31L + count);
        return IntStream.range(0, count)
                .mapToObj(i -> String.join(
                        " ",
                        IntStream.range(0, words)
                                .mapToObj(word -> WORDS[random.nextInt(WORDS.length)])
                                .toList()))
                .toList();
    }

    private static double leastCosine(List<float[]> some, List<float[]> others) {
        return IntStream.range(0, some.size())
                .mapToDouble(i -> cosine(some.get(i), others.get(i)))
                .min()
                .orElseThrow();
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
        }
        return dot;
    }

    private static long cpuNanos() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime();
    }
}
