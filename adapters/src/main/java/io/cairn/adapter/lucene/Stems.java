package io.cairn.adapter.lucene;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.tokenattributes.TermToBytesRefAttribute;
import org.apache.lucene.util.BytesRef;

/// The stems of single words.
///
/// A word with diacritics is also stemmed without them: stemmed first and folded afterwards, `dimineata` and
/// `dimineață` would not meet.
final class Stems {
    private Stems() {}

    static boolean foldDiffers(Word word) {
        var text = word.text();
        return text.chars().anyMatch(unit -> unit >= 0x80) && !word.form().equals(text.toLowerCase(Locale.ROOT));
    }

    /// The stems that a word has only without its diacritics.
    static Set<BytesRef> plain(String field, Word word, Analyzer analyzer) throws IOException {
        var plain = stems(field, word.form(), analyzer);
        plain.removeAll(stems(field, word.text(), analyzer));
        return plain;
    }

    /// All stems of a word; none if the language has no use for it.
    static Set<BytesRef> all(String field, Word word, Analyzer analyzer) throws IOException {
        var all = stems(field, word.text(), analyzer);
        if (!all.isEmpty() && foldDiffers(word)) {
            all.addAll(stems(field, word.form(), analyzer));
        }
        return all;
    }

    private static Set<BytesRef> stems(String field, String text, Analyzer analyzer) throws IOException {
        var stems = new LinkedHashSet<BytesRef>();
        try (var tokens = analyzer.tokenStream(field, text)) {
            var term = tokens.addAttribute(TermToBytesRefAttribute.class);
            tokens.reset();
            while (tokens.incrementToken()) {
                stems.add(BytesRef.deepCopyOf(term.getBytesRef()));
            }
            tokens.end();
        }
        return stems;
    }
}
