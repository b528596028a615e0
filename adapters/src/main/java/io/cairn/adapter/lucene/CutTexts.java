package io.cairn.adapter.lucene;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.Analyzer;
import org.jspecify.annotations.Nullable;

/// The texts that were cut into words last: a message stands in its own passage and in those of the messages after it.
///
/// A text is known again by its being the same object, which costs next to nothing; one that is merely equal is cut
/// again.
///
/// Not for concurrent use.
final class CutTexts {
    private static final int REMEMBERED_MAX = 1_000;

    /// Longer texts are those of documents, or of messages that are shortened where they come again.
    private static final int LENGTH_MAX = 1_200;

    /// A text's words.
    ///
    /// @param stems by the rules of its language; null for a language without such rules
    record Cut(String language, Terms forms, @Nullable Terms stems) {}

    private final Analyzer analyzer;
    private Map<String, Cut> recent = new IdentityHashMap<>();
    private Map<String, Cut> before = new IdentityHashMap<>();

    CutTexts(Analyzer analyzer) {
        this.analyzer = analyzer;
    }

    Cut cut(String language, String text) throws IOException {
        var known = recent.get(text);
        if (known != null && known.language().equals(language)) {
            return known;
        }
        var cut = of(before.get(text), language, text);
        if (text.length() <= LENGTH_MAX) {
            remember(text, cut);
        }
        return cut;
    }

    private Cut of(@Nullable Cut known, String language, String text) throws IOException {
        if (known != null && known.language().equals(language)) {
            return known;
        }
        var words = Words.stored(text);
        var forms = Terms.of(words.stream().map(Word::form).toList());
        return new Cut(language, forms, LanguageAnalyzers.know(language) ? stems(language, words) : null);
    }

    private Terms stems(String language, List<Word> words) throws IOException {
        var field = QueryWords.WORDS + language;
        var stems = new Terms.Written();
        stems.add(
                field,
                words.stream().map(Word::text).filter(text -> !text.isEmpty()).collect(Collectors.joining(" ")),
                analyzer);
        for (var word : words) {
            if (Stems.foldDiffers(word)) {
                for (var plain : Stems.plain(field, word, analyzer)) {
                    stems.add(plain);
                }
            }
        }
        return stems.terms();
    }

    private void remember(String text, Cut cut) {
        if (recent.size() == REMEMBERED_MAX) {
            before = recent;
            recent = new IdentityHashMap<>();
        }
        recent.put(text, cut);
    }
}
