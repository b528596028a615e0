package io.cairn.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class ChunkerPropertyTest {

    @Property(edgeCases = EdgeCasesMode.NONE)
    void chunksCoverEveryCodePointThatIsNotBlankExactlyOnce(@ForAll("inputs") Input input) {
        int[] points = input.text().codePoints().toArray();
        BitSet covered = new BitSet(points.length);
        int reached = 0;
        for (Chunk chunk : input.chunks()) {
            assertThat(chunk.start()).isGreaterThanOrEqualTo(reached);
            covered.set(chunk.start(), chunk.end());
            reached = chunk.end();
        }
        for (int at = covered.nextClearBit(0); at < points.length; at = covered.nextClearBit(at + 1)) {
            assertThat(Blank.is(points[at]))
                    .as("code point %d is in no chunk", at)
                    .isTrue();
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void everyChunkIsExactlyWhatItsOffsetsName(@ForAll("inputs") Input input) {
        int[] points = input.text().codePoints().toArray();
        int index = 0;
        for (Chunk chunk : input.chunks()) {
            assertThat(chunk.index()).isEqualTo(index++);
            assertThat(chunk.text()).isEqualTo(new String(points, chunk.start(), chunk.end() - chunk.start()));
            assertThat(Blank.is(points[chunk.start()])).isFalse();
            assertThat(Blank.is(points[chunk.end() - 1])).isFalse();
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void noChunkIsLongerThanTheMaximum(@ForAll("inputs") Input input) {
        assertThat(input.chunks())
                .allSatisfy(chunk -> assertThat(chunk.end() - chunk.start())
                        .isLessThanOrEqualTo(input.settings().maxCharacters()));
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void theSameInputGivesTheSameChunks(@ForAll("inputs") Input input) {
        assertThat(input.chunks()).isEqualTo(input.chunks());
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void aChunkUnderOneHeadingStaysBetweenItAndTheNext(@ForAll("inputs") Input input) {
        ChunkSettings settings = input.settings();
        ChunkSettings withoutJoining =
                new ChunkSettings(1, settings.targetCharacters(), settings.maxCharacters(), Locale.ROOT);
        List<Chunk> chunks = new Chunker(withoutJoining).chunk(input.text(), input.headings());
        for (Heading heading : input.headings()) {
            assertThat(chunks)
                    .filteredOn(chunk -> chunk.start() < heading.start() && heading.start() < chunk.end())
                    .allSatisfy(chunk ->
                            assertThat(isBodiless(chunk, heading, input)).isTrue());
        }
    }

    /// Only headings without a body may share their chunk with the heading that follows them.
    private static boolean isBodiless(Chunk chunk, Heading upTo, Input input) {
        int[] points = input.text().codePoints().toArray();
        BitSet body = new BitSet();
        for (int at = chunk.start(); at < upTo.start(); at++) {
            body.set(at, !Blank.is(points[at]));
        }
        input.headings().forEach(heading -> body.clear(heading.start(), heading.end()));
        return body.isEmpty();
    }

    @Provide
    Arbitrary<Input> inputs() {
        Arbitrary<String> pieces = Arbitraries.of(
                "word ",
                "Word. ",
                "a",
                "?! ",
                "\n",
                "\n\n",
                "\r\n",
                "\r\n\r\n",
                "\r",
                "\t",
                " ",
                "\u00A0",
                "\u2028",
                "| cell | cell |\n",
                "a\tb\n",
                "```\n",
                "~~~~\n",
                "   ```x\n",
                "- item\n",
                "# x\n",
                "\uD83D\uDE00",
                "\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
                "e\u0301",
                "\u0301\u0302",
                "\u200D",
                "\uD83C\uDDE9\uD83C\uDDEA",
                "\u05E9\u05DC\u05D5\u05DD. ",
                "\u0645\u0631\u062D\u0628\u0627\u061F ",
                "\u3053\u308C\u306F\u6587\u3002",
                "Mr. Smith e.g. 3.14 ",
                "https://example.org/a?b=c ",
                "\uD800",
                "\uDC00");
        Arbitrary<String> texts = pieces.list().ofMaxSize(120).map(list -> String.join("", list));
        Arbitrary<List<Double>> places =
                Arbitraries.doubles().between(0, 1).list().ofMaxSize(8);
        Arbitrary<ChunkSettings> settings = Combinators.combine(
                        Arbitraries.integers().between(1, 20),
                        Arbitraries.integers().between(0, 30),
                        Arbitraries.integers().between(0, 30))
                .as((least, more, most) -> new ChunkSettings(
                        least, Math.max(16, least + more), Math.max(16, least + more) + most, Locale.ROOT));
        return Combinators.combine(texts, places, settings).as(Input::of);
    }

    record Input(String text, List<Heading> headings, ChunkSettings settings) {

        /// Takes pairs of places as starts and ends of headings.
        static Input of(String text, List<Double> places, ChunkSettings settings) {
            int length = text.codePointCount(0, text.length());
            List<Integer> offsets = new ArrayList<>(
                    places.stream().map(place -> (int) (place * length)).toList());
            Collections.sort(offsets);
            List<Heading> headings = new ArrayList<>();
            for (int i = 0; i + 1 < offsets.size(); i += 2) {
                headings.add(new Heading(offsets.get(i), offsets.get(i + 1), 1 + (i * 5 + length) % 4, "h" + i));
            }
            return new Input(text, headings, settings);
        }

        List<Chunk> chunks() {
            return new Chunker(settings).chunk(text, headings);
        }
    }
}
