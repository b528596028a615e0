package io.cairn.adapter.tika;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cairn.knowledge.Extraction;
import io.cairn.knowledge.Extraction.Extracted;
import io.cairn.knowledge.Extraction.Reason;
import io.cairn.knowledge.Extraction.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileFilesTest {
    private static final ExtractionLimits TIGHT =
            new ExtractionLimits(4 << 20, 100_000, Duration.ofSeconds(20), 64, 2, 50, Duration.ofMinutes(1));
    private static final TikaTextExtractor extractor = new TikaTextExtractor(TIGHT, HostileParser.Main.class);

    @AfterAll
    static void endProcesses() {
        extractor.close();
    }

    /// Whatever a test did to the extractor, the next file is read.
    @AfterEach
    void aGoodFileIsReadNext() {
        assertGoodFileIsRead(extractor);
    }

    @Test
    void aFileBeyondTheSizeLimitIsNotEvenLookedAt() {
        assertThat(refused(new byte[(4 << 20) + 1], "a.pdf").detail()).contains("4194305 bytes, allowed are 4194304");
    }

    @Test
    void anEmptyFileIsRefused() {
        assertThat(refused(new byte[0], "a.pdf").reason()).isEqualTo(Reason.EMPTY);
        assertThat(refused("<html><body> </body></html>".getBytes(UTF_8), "a.html")
                        .reason())
                .isEqualTo(Reason.EMPTY);
    }

    @Test
    void bytesThatAreNoTextAreNotTakenAsText() {
        assertThat(refused(randomBytes(), "a.txt").reason()).isEqualTo(Reason.BROKEN);
    }

    @Test
    void aTextThatIsTooLongIsRefusedNotCut() {
        assertThat(refused("word ".repeat(30_000).getBytes(UTF_8), "a.md").reason())
                .isEqualTo(Reason.TOO_LONG);
        assertThat(refused("<p>word".repeat(50_000).getBytes(UTF_8), "a.html").reason())
                .isEqualTo(Reason.TOO_LONG);
        assertThat(hostile("endless").reason()).isEqualTo(Reason.TOO_LONG);
    }

    @Test
    void randomBytesNamedPdfAreBroken() {
        assertThat(refused(randomBytes(), "a.pdf").reason()).isEqualTo(Reason.BROKEN);
        assertThat(refused(randomBytes(), "a.docx").reason()).isEqualTo(Reason.BROKEN);
        assertThat(refused(randomBytes(), "a.eml").reason()).isEqualTo(Reason.BROKEN);
        assertThat(refused(randomBytes(), "a.bin").reason()).isEqualTo(Reason.UNSUPPORTED_TYPE);
    }

    @Test
    void aTruncatedPdfIsBroken() throws Exception {
        byte[] whole = SampleFiles.pdf("Page one");
        assertThat(refused(Arrays.copyOf(whole, whole.length / 2), "a.pdf").reason())
                .isEqualTo(Reason.BROKEN);
    }

    @Test
    void filesUnderAPasswordSaySo() throws Exception {
        assertThat(refused(SampleFiles.encryptedPdf(), "a.pdf").reason()).isEqualTo(Reason.PASSWORD_PROTECTED);
        assertThat(refused(SampleFiles.encryptedDocx(), "a.docx").reason()).isEqualTo(Reason.PASSWORD_PROTECTED);
    }

    @Test
    void aZipBombIsRefusedBeforeItIsParsed() throws Exception {
        assertThat(refused(SampleFiles.zipBombDocx(100), "a.docx").reason()).isEqualTo(Reason.TOO_DEEP);
    }

    @Test
    void entitiesThatMultiplyAreRefused() throws Exception {
        assertThat(refused(SampleFiles.billionLaughsXml(), "a.xml").reason()).isEqualTo(Reason.TOO_DEEP);
        assertThat(refused(SampleFiles.billionLaughsDocx(), "a.docx").reason()).isEqualTo(Reason.TOO_DEEP);
    }

    @Test
    void messagesAttachedToMessagesWithoutEndAreRefused() {
        assertThat(refused(SampleFiles.nestedMail(5_000), "a.eml").reason()).isEqualTo(Reason.TOO_DEEP);
    }

    @Test
    void anArchiveThatUnpacksToAbsurdlyMuchIsRefused() throws Exception {
        for (String name : List.of("a.zip", "a.tar.gz", "a.tar.bz2", "a.tar.xz", "a.7z")) {
            byte[] bomb = SampleArchives.of(name, Map.of("zeros.txt", "0".repeat(20 << 20)));
            assertThat(refused(bomb, name).reason()).as(name).isEqualTo(Reason.TOO_DEEP);
            assertThat(extractor.unpack(bomb, null, name)).as(name).isInstanceOf(Refused.class);
        }
    }

    @Test
    void anArchiveOfTooManyFilesIsRefused() throws Exception {
        Map<String, String> files =
                IntStream.range(0, 501).boxed().collect(Collectors.toMap(i -> i + ".txt", i -> "x"));
        assertThat(refused(SampleArchives.of("a.zip", files), "a.zip").detail()).contains("more than 500 files");
    }

    @Test
    void brokenArchivesAreRefused() throws Exception {
        for (String name : List.of("a.zip", "a.tar.gz", "a.7z")) {
            byte[] whole = SampleArchives.of(name, Map.of("a.txt", "some text of apples", "b.txt", "some other"));
            byte[] half = Arrays.copyOf(whole, whole.length / 2);
            assertThat(extractor.extract(half, null, name)).as(name).isInstanceOf(Refused.class);
        }
    }

    @Test
    void deeplyNestedMarkupDoesNoHarm() {
        extractor.extract("<div>".repeat(100_000).getBytes(UTF_8), "text/html", null);
        extractor.extract((">".repeat(50_000) + " x").getBytes(UTF_8), "text/markdown", null);
        extractor.extract(("# " + "[".repeat(90_000)).getBytes(UTF_8), "text/markdown", null);
        extractor.extract(("<a>".repeat(100_000)).getBytes(UTF_8), "application/xml", null);
    }

    @Test
    void aParserThatRecursesWithoutEndCostsOnlyItsFile() {
        assertThat(hostile("recurse").reason()).isEqualTo(Reason.TOO_DEEP);
    }

    @Test
    void aParserThatExhaustsMemoryCostsOnlyItsFile() {
        Refused refused = hostile("exhaust");
        assertThat(refused.reason()).isEqualTo(Reason.CRASHED);
        assertThat(refused.detail()).contains("more than 64 MB of memory");
    }

    @Test
    void aParserThatEndsItsProcessCostsOnlyItsFile() {
        assertThat(hostile("exit").detail()).contains("ended with status 7");
    }

    @Test
    void asManyFilesAreParsedAtOnceAsTheLimitSaysAndNoMore(@TempDir Path folder) throws Exception {
        var meeting = Files.createDirectory(folder.resolve("two"));
        assertThat(together(2, Duration.ofSeconds(20), meeting))
                .allSatisfy(extraction -> assertThat(extraction).isInstanceOf(Extracted.class));
        // With one place each waits for somebody who cannot come before its own deadline is over.
        var alone = Files.createDirectory(folder.resolve("one"));
        assertThat(together(1, Duration.ofSeconds(3), alone))
                .anySatisfy(
                        extraction -> assertThat(refusal(extraction).reason()).isEqualTo(Reason.TIMED_OUT));
    }

    private static List<Extraction> together(int processes, Duration deadline, Path folder) throws Exception {
        var limits = new ExtractionLimits(4 << 20, 100_000, deadline, 64, processes, 50, Duration.ofMinutes(1));
        var order = (HostileParser.MEET + folder).getBytes(US_ASCII);
        try (var own = new TikaTextExtractor(limits, HostileParser.Main.class);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Extraction> extract = () -> own.extract(order, HostileParser.TYPE, null);
            var both = threads.invokeAll(List.of(extract, extract));
            return List.of(both.getFirst().get(), both.getLast().get());
        }
    }

    @Test
    void aParserThatNeverEndsIsKilledAtItsDeadline() {
        ExtractionLimits hasty =
                new ExtractionLimits(4 << 20, 100_000, Duration.ofSeconds(2), 64, 1, 50, Duration.ofMinutes(1));
        try (TikaTextExtractor own = new TikaTextExtractor(hasty, HostileParser.Main.class)) {
            Extraction extraction = own.extract("loop".getBytes(US_ASCII), HostileParser.TYPE, null);
            assertThat(((Refused) extraction).reason()).isEqualTo(Reason.TIMED_OUT);
            assertGoodFileIsRead(own);
        }
    }

    @Test
    void aProcessKilledFromOutsideIsReplaced() {
        assertGoodFileIsRead(extractor);
        ProcessHandle process = extractor.nextProcess().orElseThrow();
        process.destroyForcibly();
        assertGoodFileIsRead(extractor);
    }

    @Test
    void aProcessIsReplacedAfterItsShareOfFiles() {
        ExtractionLimits two =
                new ExtractionLimits(4 << 20, 100_000, Duration.ofSeconds(20), 64, 1, 2, Duration.ofMinutes(1));
        try (TikaTextExtractor own = new TikaTextExtractor(two)) {
            assertGoodFileIsRead(own);
            ProcessHandle first = own.nextProcess().orElseThrow();
            assertGoodFileIsRead(own);
            assertThat(own.nextProcess()).isEmpty();
            assertGoodFileIsRead(own);
            assertThat(own.nextProcess()).isPresent().get().isNotEqualTo(first);
        }
    }

    @Test
    void anIdleProcessEndsAndSoDoesEveryProcessOfAClosedExtractor() {
        ExtractionLimits brief =
                new ExtractionLimits(4 << 20, 100_000, Duration.ofSeconds(20), 64, 1, 50, Duration.ofMillis(300));
        try (TikaTextExtractor own = new TikaTextExtractor(brief)) {
            assertGoodFileIsRead(own);
            own.nextProcess().ifPresent(process -> await().until(() -> !process.isAlive()));
            assertThat(own.nextProcess()).isEmpty();
        }
        TikaTextExtractor closed = new TikaTextExtractor(TIGHT);
        assertGoodFileIsRead(closed);
        ProcessHandle process = closed.nextProcess().orElseThrow();
        closed.close();
        await().until(() -> !process.isAlive());
    }

    @Test
    void manyFilesAtOnceAreEachReadOrRefusedForThemselves() throws Exception {
        List<Future<Extraction>> good = new ArrayList<>();
        List<Future<Extraction>> bad = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 12; i++) {
                byte[] page = "<p>Page %d".formatted(i).getBytes(UTF_8);
                good.add(threads.submit(() -> extractor.extract(page, "text/html", null)));
                String order = i % 4 == 0 ? "exit" : "what";
                bad.add(threads.submit(() -> extractor.extract(order.getBytes(US_ASCII), HostileParser.TYPE, null)));
            }
        }
        for (int i = 0; i < 12; i++) {
            assertThat(good.get(i).get()).isInstanceOf(Extracted.class);
            assertThat(((Extracted) good.get(i).get()).text()).isEqualTo("Page " + i);
            assertThat(((Refused) bad.get(i).get()).reason()).isEqualTo(i % 4 == 0 ? Reason.CRASHED : Reason.BROKEN);
        }
    }

    private static void assertGoodFileIsRead(TikaTextExtractor extractor) {
        assertThat(extractor.extract("<p>Good".getBytes(UTF_8), "text/html", null))
                .isInstanceOf(Extracted.class);
    }

    private static byte[] randomBytes() {
        byte[] bytes = new byte[20_000];
        new Random(7).nextBytes(bytes);
        return bytes;
    }

    private static Refused hostile(String order) {
        return refusal(extractor.extract(order.getBytes(US_ASCII), HostileParser.TYPE, null));
    }

    private static Refused refused(byte[] content, String fileName) {
        return refusal(extractor.extract(content, null, fileName));
    }

    private static Refused refusal(Extraction extraction) {
        return switch (extraction) {
            case Refused refused -> refused;
            case Extracted extracted -> throw new AssertionError("Not refused: " + extracted.mediaType());
        };
    }
}
