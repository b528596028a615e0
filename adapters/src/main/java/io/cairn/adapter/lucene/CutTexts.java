package io.cairn.adapter.lucene;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;

/// The texts that were cut into words last: a message stands in its own unit and in those of the messages after it.
///
/// Not for concurrent use.
final class CutTexts {
    private static final int REMEMBERED_MAX = 1_000;

    /// Longer texts are those of documents, or of messages that are shortened where they come again.
    private static final int LENGTH_MAX = 1_200;

    private record Key(String language, String text) {}

    private final Analyzer analyzer;
    private final Map<Key, Terms> known = new LinkedHashMap<>(16, .75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Terms> eldest) {
            return size() > REMEMBERED_MAX;
        }
    };

    CutTexts(Analyzer analyzer) {
        this.analyzer = analyzer;
    }

    Terms terms(String language, String text) throws IOException {
        if (text.length() > LENGTH_MAX) {
            return Terms.of(QueryWords.WORDS + language, text, analyzer);
        }
        var key = new Key(language, text);
        var terms = known.get(key);
        if (terms == null) {
            terms = Terms.of(QueryWords.WORDS + language, text, analyzer);
            known.put(key, terms);
        }
        return terms;
    }
}
