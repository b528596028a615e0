package io.cairn.adapter.lucene;

import com.ibm.icu.text.Normalizer2;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.icu.ICUFoldingFilter;

/// Which ways of writing are one: composed or decomposed, wide or narrow, with capitals and diacritics or without.
final class Forms {
    private static final Normalizer2 COMPOSED = Normalizer2.getNFKCInstance();
    private static final Normalizer2 FOLDED = ICUFoldingFilter.NORMALIZER;
    private static final Pattern APOSTROPHES = Pattern.compile("[\u2018\u2019\u02BC\uFF07\u00B4]");
    private static final Pattern HYPHENS = Pattern.compile("[\u2010\u2011\u2012\u2212]");
    private static final Pattern UNSEEN = Pattern.compile("[\u00AD\u200B\u2060\uFEFF]");

    private Forms() {}

    /// The text in one way of writing, with capitals and diacritics.
    static String composed(String text) {
        if (text.chars().allMatch(unit -> unit < 0x80)) {
            return text;
        }
        var plain = APOSTROPHES.matcher(COMPOSED.normalize(text)).replaceAll("'");
        return UNSEEN.matcher(HYPHENS.matcher(plain).replaceAll("-")).replaceAll("");
    }

    /// A word without capitals and diacritics.
    static String folded(String word) {
        return FOLDED.normalize(word);
    }
}
