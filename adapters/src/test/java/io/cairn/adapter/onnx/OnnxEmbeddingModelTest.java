package io.cairn.adapter.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.model.EmbeddingMeter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxEmbeddingModelTest {
    private static final Offset<Double> NOISE = Offset.offset(0.002);
    private static final AtomicLong CUT_TOKENS = new AtomicLong();

    @TempDir
    static Path folder;

    private static OnnxEmbeddingModel model;

    @BeforeAll
    static void openModel() {
        model = open(OnnxModel.bgeSmallEnglish());
    }

    @AfterAll
    static void closeModel() {
        model.close();
        assertThat(CUT_TOKENS).hasValue(0);
    }

    @Test
    void whatItHasNoTokensForItDoesNotRead() {
        for (var text :
                List.of("\ud83e\udd95", "今日の天気は", "合同已经签署，付款期限为三十天。", "회의", "ประชุมวันพรุ่งนี้", "Привет, мир")) {
            assertThat(model.reads(text)).as(text).isFalse();
        }
        for (var text : List.of(
                "",
                "Deploy done \ud83d\ude80",
                "+49 170 1234567",
                "café au lait",
                "The word 会議 means meeting.",
                "550e8400-e29b-41d4")) {
            assertThat(model.reads(text)).as(text).isTrue();
        }
    }

    @Test
    void aMissingFileStopsTheStartNamingSettingAndFile() {
        var path = folder.resolve("absent.onnx");

        assertThatThrownBy(() -> open(files(path, bundled("bge-small-en-v1.5-q-tokenizer.json"), 512)))
                .isInstanceOf(ModelBrokenException.class)
                .hasMessage("cairn.embedding.model-path = %s: there is no such file".formatted(path));
        assertThatThrownBy(() -> open(files(bundled("bge-small-en-v1.5-q.onnx"), folder.resolve("absent.json"), 512)))
                .hasMessageContaining("cairn.embedding.tokenizer-path")
                .hasMessageContaining("absent.json");
        assertThatThrownBy(() -> open(files(folder, folder, 512))).hasMessageContaining("cannot be read");
    }

    @Test
    void aFileThatIsNoModelStopsTheStartNamingSettingAndFile() throws IOException {
        var weights = bundled("bge-small-en-v1.5-q.onnx");
        var tokenizer = bundled("bge-small-en-v1.5-q-tokenizer.json");
        var half = Files.write(folder.resolve("half.onnx"), Collections.nCopies(1, "half of it"));
        var nothing = Files.writeString(folder.resolve("nothing.json"), "{}");

        assertThatThrownBy(() -> open(files(half, tokenizer, 512)))
                .isInstanceOf(ModelBrokenException.class)
                .hasMessageContaining("cairn.embedding.model-path")
                .hasMessageContaining("half.onnx")
                .hasMessageContaining("ONNX Runtime does not accept it");
        assertThatThrownBy(() -> open(files(weights, nothing, 512)))
                .isInstanceOf(ModelBrokenException.class)
                .hasMessageContaining("nothing.json")
                .hasMessageContaining("not a tokenizer.json");
    }

    @Test
    void aWindowThatTheModelCannotReadStopsTheStart() {
        var weights = bundled("bge-small-en-v1.5-q.onnx");
        var tokenizer = bundled("bge-small-en-v1.5-q-tokenizer.json");

        assertThatThrownBy(() -> open(files(weights, tokenizer, 1024)))
                .isInstanceOf(ModelBrokenException.class)
                .hasMessageContaining("a window of 1024 tokens");
        assertThatThrownBy(() -> files(weights, tokenizer, 3)).hasMessageContaining("8 tokens or more; found 3");
    }

    @Test
    void anyTextHasAVectorOfLengthOne() {
        var longText = "All work and no play makes Jack a dull boy. ".repeat(500);
        var texts = List.of(
                "",
                " \n\t ",
                "\0",
                "a\0b",
                "\uD800",
                "x\uDC00\uD800y",
                "👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿",
                "العربية 中文 हिन्दी",
                "x".repeat(40_000),
                longText);

        assertThat(model.embedPassages(texts)).hasSameSizeAs(texts).allSatisfy(vector -> {
            assertThat(vector).hasSize(384);
            assertThat(cosine(vector, vector)).isEqualTo(1, Offset.offset(1e-5));
        });
    }

    @Test
    void theEndOfALongTextIsNotCutOff() {
        var start = "The committee met on Monday to discuss the budget for the new library. ".repeat(60);
        var bees = start + "Honey bees dance to tell each other where the flowers are. ".repeat(40);
        var vectors = model.embedPassages(List.of(start, bees));
        var question = model.embedQuery("How do bees tell where flowers are?");

        assertThat(cosine(question, vectors.get(1))).isGreaterThan(cosine(question, vectors.get(0)) + 0.05);
    }

    @Test
    void aTokenizerFileThatCutsAt128DoesNotCut() throws IOException {
        var weights = bundled("bge-small-en-v1.5-q.onnx");
        var json = Files.readString(bundled("bge-small-en-v1.5-q-tokenizer.json"));
        var cutting = json.replaceFirst(
                "\"truncation\":\\s*(null|\\{[^}]*})",
                "\"truncation\":"
                        + " {\"direction\":\"Right\",\"max_length\":128,\"strategy\":\"LongestFirst\",\"stride\":0}");
        assertThat(cutting).isNotEqualTo(json);
        var tokenizer = Files.writeString(folder.resolve("cutting.json"), cutting);
        var text = "one two three four five six seven ".repeat(60);

        try (var other = open(files(weights, tokenizer, 512))) {
            assertThat(cosine(other.embedPassages(List.of(text)), model.embedPassages(List.of(text))))
                    .isEqualTo(1, NOISE);
        }
    }

    @Test
    void aPassageDoesNotDependOnItsNeighbours() {
        var texts =
                List.of("A cat sleeps.", "Revenue rose by a third. ".repeat(50), "Ein Haus am See", "A cat sleeps.");
        var together = model.embedPassages(texts);

        for (int i = 0; i < texts.size(); i++) {
            assertThat(together.get(i))
                    .isEqualTo(model.embedPassages(List.of(texts.get(i))).getFirst());
        }
    }

    @Test
    void aQueryCarriesTheModelsPrefix() {
        var prefixed = model.embedPassages(
                List.of("Represent this sentence for searching relevant passages: who wrote Dracula?"));

        assertThat(model.embedQuery("who wrote Dracula?")).isEqualTo(prefixed.getFirst());
    }

    @Test
    void whatAnswersAQuestionIsNearerThanWhatDoesNot() {
        var passages = model.embedPassages(
                List.of("Bram Stoker published the novel Dracula in 1897.", "The Danube flows through ten countries."));
        var question = model.embedQuery("Who is the author of the vampire story?");

        assertThat(cosine(question, passages.get(0))).isGreaterThan(cosine(question, passages.get(1)) + 0.1);
    }

    @Test
    void aQueryOvertakesABatchOfPassages() throws Exception {
        var batch = Collections.nCopies(200, "The committee met on Monday to discuss the budget. ".repeat(15));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var passages = threads.submit(() -> model.embedPassages(batch));
            for (int i = 0; i < 5; i++) {
                assertThat(model.embedQuery("what was discussed? " + i)).hasSize(384);
            }
            assertThat(passages.isDone()).isFalse();
            passages.cancel(true);
        }
    }

    @Test
    void whoeverIsInterruptedGivesUpAndLeavesTheThreadsFree() throws Exception {
        var caller = Thread.ofVirtual()
                .unstarted(() -> assertThatThrownBy(() -> model.embedPassages(
                                Collections.nCopies(5_000, "a text that takes a few milliseconds at least")))
                        .hasMessageContaining("interrupted"));
        caller.start();
        caller.interrupt();

        assertThat(caller.join(Duration.ofSeconds(10))).isTrue();
        await().atMost(Duration.ofSeconds(10))
                .until(() -> model.embedPassages(List.of("next")).size() == 1);
    }

    @Test
    void knownShapesChangeNothingButTheSpeed() {
        var bge = OnnxModel.bgeSmallEnglish();
        var plain = new OnnxModel(
                bge.name(),
                bge.weights(),
                bge.tokenizer(),
                bge.pooling(),
                bge.queryPrefix(),
                bge.passagePrefix(),
                bge.languages(),
                bge.windowTokens(),
                bge.normalised(),
                List.of());
        var texts = List.of("short", "A sentence of some length about nothing at all.", "word ".repeat(400));

        try (var slow = open(plain)) {
            for (var text : texts) {
                assertThat(cosine(slow.embedPassages(List.of(text)), model.embedPassages(List.of(text))))
                        .isEqualTo(1, NOISE);
            }
            assertThat(slow.space()).isNotEqualTo(model.space());
        }
    }

    @Test
    void meanPoolingIsAnotherSpace() {
        var bge = OnnxModel.bgeSmallEnglish();
        var mean = new OnnxModel(
                bge.name(), bge.weights(), bge.tokenizer(), Pooling.MEAN, "", "", Set.of(), 512, false, bge.shapes());

        try (var other = open(mean)) {
            assertThat(other.space().fingerprint()).isNotEqualTo(model.space().fingerprint());
            assertThat(other.understands("ro")).isTrue();
            assertThat(other.embedPassages(List.of("some text")).getFirst()).hasSize(384);
        }
    }

    @Test
    void anIndexFromAnotherRuntimeOrProcessorIsOfThisModelAndOneOfOtherWeightsIsNot() {
        var here = System.getProperty("os.arch");
        System.setProperty("os.arch", "riscv64");
        try (var moved = open(OnnxModel.bgeSmallEnglish())) {
            assertThat(moved.space()).isEqualTo(model.space());
        } finally {
            System.setProperty("os.arch", here);
        }
        // As 1.28.0 wrote them on amd64 and on arm64.
        assertThat(model.isOf("bge-small-en-v1.5-q@73858b5d")).isTrue();
        assertThat(model.isOf("bge-small-en-v1.5-q@b269d47f")).isTrue();
        assertThat(model.isOf("bge-small-en-v1.5-q@00000000")).isFalse();
    }

    @Test
    void theSameModelOpenedAgainIsTheSameSpace() {
        try (var again = open(OnnxModel.bgeSmallEnglish())) {
            assertThat(again.space()).isEqualTo(model.space());
        }
        assertThat(model.space().dimensions()).isEqualTo(384);
        assertThat(model.understands("en-GB")).isTrue();
        assertThat(model.understands("de")).isFalse();
    }

    @Test
    void nativeLibrariesLieInTheConfiguredFolderAndCannotReport() throws IOException {
        var runtime =
                Path.of(System.getProperty("onnxruntime.native.path")).resolve(System.mapLibraryName("onnxruntime"));
        var bytes = new String(Files.readAllBytes(runtime), java.nio.charset.StandardCharsets.ISO_8859_1);

        assertThat(bytes).doesNotContain("events.data.microsoft.com");
        assertThat(System.getProperty("ENGINE_CACHE_DIR")).isNotNull();
        assertThat(System.getProperty("ai.djl.offline")).isEqualTo("true");
    }

    private static OnnxEmbeddingModel open(OnnxModel model) {
        return OnnxEmbeddingModel.open(model, Path.of("target", "natives"), 2, new EmbeddingMeter() {
            @Override
            public void called(String provider, Status status, Duration took) {}

            @Override
            public void lookedUp(Level level, int hits, int misses) {}

            @Override
            public void cut(String provider, long tokens) {
                CUT_TOKENS.addAndGet(tokens);
            }

            @Override
            public void fellBack(String from, String to, int times) {}

            @Override
            public void refused(String provider, int texts) {}
        });
    }

    private static OnnxModel files(Path weights, Path tokenizer, int window) {
        return OnnxModel.ofFiles(
                "cairn.embedding.", weights, tokenizer, Pooling.CLS, "query: ", "", Set.of("en"), window);
    }

    private static Path bundled(String resource) {
        try {
            var file = folder.resolve(resource);
            if (!Files.exists(file)) {
                Files.write(file, new ModelSource.OnClassPath(resource).read());
            }
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static double cosine(List<float[]> a, List<float[]> b) {
        return cosine(a.getFirst(), b.getFirst());
    }

    private static double cosine(float[] a, float[] b) {
        double dot = 0;
        double squaresA = 0;
        double squaresB = 0;
        for (int i = 0; i < a.length; i++) {
            dot += a[i] * b[i];
            squaresA += a[i] * a[i];
            squaresB += b[i] * b[i];
        }
        return dot / Math.sqrt(squaresA) / Math.sqrt(squaresB) * squaresA;
    }
}
