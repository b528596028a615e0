package io.cairn.adapter.lucene;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.Map;
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

    private record Cut(String language, Terms terms) {}

    private final Analyzer analyzer;
    private Map<String, Cut> recent = new IdentityHashMap<>();
    private Map<String, Cut> before = new IdentityHashMap<>();

    CutTexts(Analyzer analyzer) {
        this.analyzer = analyzer;
    }

    Terms terms(String language, String text) throws IOException {
        var known = recent.get(text);
        if (known != null && known.language().equals(language)) {
            return known.terms();
        }
        var cut = of(before.get(text), language, text);
        if (text.length() <= LENGTH_MAX) {
            remember(text, cut);
        }
        return cut.terms();
    }

    private Cut of(@Nullable Cut known, String language, String text) throws IOException {
        return known != null && known.language().equals(language)
                ? known
                : new Cut(language, Terms.of(QueryWords.WORDS + language, text, analyzer));
    }

    private void remember(String text, Cut cut) {
        if (recent.size() == REMEMBERED_MAX) {
            before = recent;
            recent = new IdentityHashMap<>();
        }
        recent.put(text, cut);
    }
}
