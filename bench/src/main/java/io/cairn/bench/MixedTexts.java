package io.cairn.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/// As many texts as one likes, made of the sentences of real ones: cut, shuffled and put together, the same every time.
final class MixedTexts {
    private static final int SENTENCE_MIN = 20;

    private final List<String> said;
    private final List<String> written;
    private final Random random;

    private MixedTexts(List<String> said, List<String> written, Random random) {
        this.said = said;
        this.written = written;
        this.random = random;
    }

    static MixedTexts of(List<DataSet> sets, long seed) {
        var said = new ArrayList<String>();
        var written = new ArrayList<String>();
        for (var set : sets) {
            for (var text : set.texts()) {
                sentences(text.text()).forEach((text.isTurn() ? said : written)::add);
            }
        }
        return new MixedTexts(said, written, new Random(seed));
    }

    /// Different sentences as they stand in the data, said and written in turns.
    List<String> sentences(int count) {
        return Stream.iterate(0, i -> i + 1)
                .map(i -> i % 2 == 0 ? said.get(i % said.size()) : written.get(i * 7 % written.size()))
                .distinct()
                .limit(count)
                .toList();
    }

    /// One to three sentences, as somebody says them.
    String message() {
        return joined(said, 1 + random.nextInt(3), " ");
    }

    /// Paragraphs of about so many characters.
    String document(int paragraphs, int characters) {
        var all = new ArrayList<String>();
        for (int i = 0; i < paragraphs; i++) {
            var paragraph = new StringBuilder();
            while (paragraph.length() < characters) {
                paragraph.append(any(written)).append(' ');
            }
            all.add(paragraph.toString().strip());
        }
        return String.join("\n\n", all);
    }

    /// Some words that could stand above a document.
    String title() {
        return joined(written, 1, "").replaceAll("^((?:\\S+\\s+){1,7}).*", "$1").strip();
    }

    private String joined(List<String> from, int count, String separator) {
        return String.join(
                separator, Stream.generate(() -> any(from)).limit(count).toList());
    }

    private String any(List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static Stream<String> sentences(String text) {
        return Stream.of(text.split("(?<=[.!?])\\s+"))
                .map(String::strip)
                .filter(sentence -> sentence.length() >= SENTENCE_MIN);
    }
}
