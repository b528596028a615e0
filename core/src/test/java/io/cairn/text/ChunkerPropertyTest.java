package io.cairn.text;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What holds of the chunks of every text. A failure names the seed that its text was made from; `-Dcairn.test.seed=N`
/// runs that one alone.
class ChunkerPropertyTest {

    @Test
    void chunksCoverEveryCodePointThatIsNotBlankExactlyOnce() {
        forAllInputs(input -> {
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
        });
    }

    @Test
    void everyChunkIsExactlyWhatItsOffsetsName() {
        forAllInputs(input -> {
            int[] points = input.text().codePoints().toArray();
            int index = 0;
            for (Chunk chunk : input.chunks()) {
                assertThat(chunk.index()).isEqualTo(index++);
                assertThat(chunk.text()).isEqualTo(new String(points, chunk.start(), chunk.end() - chunk.start()));
                assertThat(Blank.is(points[chunk.start()])).isFalse();
                assertThat(Blank.is(points[chunk.end() - 1])).isFalse();
            }
        });
    }

    @Test
    void noChunkIsLongerThanTheMaximum() {
        forAllInputs(input -> {
            assertThat(input.chunks())
                    .allSatisfy(chunk -> assertThat(chunk.end() - chunk.start())
                            .isLessThanOrEqualTo(input.settings().maxCharacters()));
        });
    }

    @Test
    void theSameInputGivesTheSameChunks() {
        forAllInputs(input -> {
            assertThat(input.chunks()).isEqualTo(input.chunks());
        });
    }

    @Test
    void aChunkUnderOneHeadingStaysBetweenItAndTheNext() {
        forAllInputs(input -> {
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
        });
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

    private static void forAllInputs(Consumer<Input> property) {
        Long alone = Long.getLong("cairn.test.seed");
        LongStream seeds = alone == null ? LongStream.range(0, 1_000) : LongStream.of(alone);
        seeds.forEach(seed -> {
            try {
                property.accept(Input.from(new SplittableRandom(seed)));
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("Seed %d (alone with -Dcairn.test.seed=%d)".formatted(seed, seed), e);
            }
        });
    }

    record Input(String text, List<Heading> headings, ChunkSettings settings) {
        private static final List<String> PIECES = List.of(
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

        /// A text of any length up to 120 pieces, more often a short one, in which faults show first.
        static Input from(SplittableRandom random) {
            IntUnaryOperator upTo = most -> random.nextInt(most + 1);
            String text = Stream.generate(() -> PIECES.get(random.nextInt(PIECES.size())))
                    .limit(upTo.applyAsInt(upTo.applyAsInt(120)))
                    .collect(joining());
            List<Double> places = DoubleStream.generate(random::nextDouble)
                    .limit(upTo.applyAsInt(8))
                    .boxed()
                    .toList();
            int least = 1 + upTo.applyAsInt(19);
            int target = Math.max(16, least + upTo.applyAsInt(30));
            return of(text, places, new ChunkSettings(least, target, target + upTo.applyAsInt(30), Locale.ROOT));
        }

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
