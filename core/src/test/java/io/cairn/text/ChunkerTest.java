package io.cairn.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ChunkerTest {
    private static final ChunkSettings SMALL = new ChunkSettings(20, 60, 80, Locale.ROOT);

    private final Chunker chunker = new Chunker(SMALL);

    @Test
    void aBlankTextHasNoChunks() {
        assertThat(chunker.chunk("")).isEmpty();
        assertThat(chunker.chunk(" \r\n\t\u00A0\u2003 ")).isEmpty();
    }

    @Test
    void headingsOutsideTheTextAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> chunker.chunk("short", List.of(new Heading(0, 6, 1, "short"))))
                .withMessageContaining("5 code points");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> chunker.chunk("abcdef", List.of(new Heading(0, 4, 1, "a"), new Heading(3, 6, 1, "b"))));
    }

    @Test
    void settingsThatContradictEachOtherAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ChunkSettings(0, 60, 80, Locale.ROOT));
        assertThatIllegalArgumentException().isThrownBy(() -> new ChunkSettings(70, 60, 80, Locale.ROOT));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ChunkSettings(20, 90, 80, Locale.ROOT))
                .withMessageContaining("target 90, maximum 80");
    }

    @Test
    void aTextThatFitsIsOneChunkWithoutItsBlankEdges() {
        assertThat(chunker.chunk("\n\n  Hello,\n\nworld. \n"))
                .containsExactly(new Chunk(0, 4, 18, List.of(), "Hello,\n\nworld."));
    }

    @Test
    void paragraphsArePreferredToSentences() {
        String first = "One sentence here. Another one there.";
        String second = "The second paragraph is long enough. It has two sentences.";
        assertThat(texts(chunker.chunk(first + "\n\n" + second))).containsExactly(first, second);
    }

    @Test
    void aLongParagraphEndsWhereASentenceEnds() {
        String text = "This is the first sentence of it. And this is the second sentence. Here the third one follows at"
                + " last.";
        assertThat(texts(chunker.chunk(text)))
                .containsExactly(
                        "This is the first sentence of it.",
                        "And this is the second sentence. Here the third one follows at last.");
    }

    @Test
    void aSentenceThatIsTooLongIsCutBetweenWords() {
        String text = "word ".repeat(40).strip();
        assertThat(chunker.chunk(text)).hasSizeGreaterThan(1).allSatisfy(chunk -> {
            assertThat(chunk.text()).matches("word( word)*");
            assertThat(chunk.text().length()).isLessThanOrEqualTo(80);
        });
    }

    @Test
    void aWordWithoutEndIsCutAtTheMaximum() {
        assertThat(chunker.chunk("x".repeat(200)))
                .extracting(c -> c.end() - c.start())
                .containsExactly(80, 80, 40);
    }

    @Test
    void whatReadersSeeAsOneCharacterIsNotTornApart() {
        String family = "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67";
        assertThat(texts(chunker.chunk(family.repeat(50))))
                .allSatisfy(text -> assertThat(text.replace(family, "")).isEmpty());
        String accented = "e\u0301";
        assertThat(texts(chunker.chunk("x" + accented.repeat(100))))
                .allSatisfy(text -> assertThat(text).doesNotStartWith("\u0301"));
    }

    @Test
    void offsetsCountCodePointsNotUnits() {
        String text = "\uD83D\uDE00 " + "Emoji first, then words. ".repeat(5) + "\uD83D\uDE00 end";
        int[] points = text.codePoints().toArray();
        assertThat(chunker.chunk(text))
                .hasSizeGreaterThan(1)
                .allSatisfy(chunk -> assertThat(chunk.text())
                        .isEqualTo(new String(points, chunk.start(), chunk.end() - chunk.start())));
    }

    @Test
    void noChunkReachesAcrossAHeading() {
        String body = "Body of some length under it.";
        Document document = new Document()
                .heading(1, "Alpha")
                .paragraph(body)
                .heading(2, "Beta")
                .paragraph(body)
                .heading(1, "Gamma")
                .paragraph(body);
        assertThat(document.chunks(chunker))
                .extracting(Chunk::headingPath)
                .containsExactly(List.of("Alpha"), List.of("Alpha", "Beta"), List.of("Gamma"));
    }

    @Test
    void aHeadingWithoutBodyJoinsWhatFollowsUnderIt() {
        Document document =
                new Document().heading(1, "Guide").heading(2, "Install").paragraph("Unpack the archive and start it.");
        assertThat(document.chunks(chunker))
                .singleElement()
                .satisfies(chunk -> assertThat(chunk.headingPath()).containsExactly("Guide", "Install"))
                .satisfies(chunk -> assertThat(chunk.text()).startsWith("# Guide"));
    }

    @Test
    void tinyNeighboursShareAChunkAndTheirCommonPath() {
        Document document = new Document()
                .heading(1, "Glossary")
                .paragraph("Words and what they mean here.")
                .heading(2, "Lane")
                .paragraph("A row.")
                .heading(2, "Lease")
                .paragraph("A loan.");
        assertThat(document.chunks(chunker))
                .extracting(Chunk::headingPath)
                .containsExactly(List.of("Glossary"), List.of("Glossary"));
        assertThat(document.chunks(chunker).getLast().text()).contains("Lane", "A loan.");
    }

    @Test
    void aTextBeforeTheFirstHeadingHasNoPath() {
        Document document = new Document()
                .paragraph("Something is said before any heading.")
                .heading(1, "First")
                .paragraph("And then the headings begin.");
        assertThat(document.chunks(chunker))
                .extracting(Chunk::headingPath)
                .containsExactly(List.of(), List.of("First"));
    }

    @Test
    void aTableThatFitsStaysWhole() {
        String table = "| a | b |\n|---|---|\n| first. Row | x |\n| second. Row | y |";
        String text = "Some words lead up to the table.\n" + table + "\nSome words follow behind it, too.";
        assertThat(texts(chunker.chunk(text))).contains(table);
    }

    @Test
    void aTableThatDoesNotFitIsCutBetweenRows() {
        String row = "| one cell. With two sentences. | another |";
        String table = IntStream.range(0, 6).mapToObj(i -> row).collect(Collectors.joining("\n"));
        assertThat(texts(chunker.chunk(table)))
                .allSatisfy(text -> assertThat(text.lines()).containsOnly(row));
    }

    @Test
    void fencedCodeThatFitsStaysWholeWithItsBlankLines() {
        String fence = "```java\nint a = 1;\n\nint b = 2;\n\nreturn a + b;\n```";
        String text = "Some words lead up to the fenced code.\n\n" + fence + "\n\nSome words follow behind it, too.";
        assertThat(texts(chunker.chunk(text)))
                .anySatisfy(chunk -> assertThat(chunk).contains(fence));
    }

    @Test
    void aFenceThatNothingClosesIsText() {
        String paragraph = "A paragraph that is some sixty characters long, about that.";
        assertThat(texts(chunker.chunk("```\n\n" + paragraph + "\n\n" + paragraph)))
                .containsExactly("```\n\n" + paragraph, paragraph);
    }

    @Test
    void carriageReturnsEndLinesToo() {
        String paragraph = "A paragraph that is some sixty characters long, about that.";
        assertThat(texts(chunker.chunk(paragraph + "\r\n\r\n" + paragraph))).containsExactly(paragraph, paragraph);
    }

    @Test
    void aLongMessageBecomesSeveralChunksOfDefaultSize() {
        String message = "This is one of very many sentences in a chat message. ".repeat(2_000);
        List<Chunk> chunks = new Chunker(ChunkSettings.DEFAULT).chunk(message);
        assertThat(chunks).hasSizeBetween(80, 100);
        assertThat(chunks)
                .allSatisfy(chunk -> assertThat(chunk.text()).startsWith("This").endsWith("message."));
    }

    private static List<String> texts(List<Chunk> chunks) {
        return chunks.stream().map(Chunk::text).toList();
    }

    /// A Markdown text that grows together with its list of headings.
    private static final class Document {
        private final StringBuilder text = new StringBuilder();
        private final List<Heading> headings = new ArrayList<>();

        Document heading(int level, String title) {
            int start = text.length();
            text.append("#".repeat(level)).append(' ').append(title);
            headings.add(new Heading(start, text.length(), level, title));
            text.append("\n\n");
            return this;
        }

        Document paragraph(String words) {
            text.append(words).append("\n\n");
            return this;
        }

        List<Chunk> chunks(Chunker chunker) {
            return chunker.chunk(text.toString(), headings);
        }
    }
}
