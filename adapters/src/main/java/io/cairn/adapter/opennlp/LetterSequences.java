package io.cairn.adapter.opennlp;

import java.util.LinkedHashSet;
import opennlp.tools.langdetect.DefaultLanguageDetectorContextGenerator;
import opennlp.tools.util.normalizer.AggregateCharSequenceNormalizer;
import opennlp.tools.util.normalizer.CharSequenceNormalizer;
import opennlp.tools.util.normalizer.EmojiCharSequenceNormalizer;
import opennlp.tools.util.normalizer.NumberCharSequenceNormalizer;
import opennlp.tools.util.normalizer.ShrinkCharSequenceNormalizer;
import opennlp.tools.util.normalizer.TwitterCharSequenceNormalizer;
import opennlp.tools.util.normalizer.UrlCharSequenceNormalizer;

/// The letter sequences by which the model tells languages: the same as the library makes, sooner.
///
/// The library keeps them as buffers, and hashing and comparing those took a third of what telling a language costs.
final class LetterSequences extends DefaultLanguageDetectorContextGenerator {
    private static final long serialVersionUID = 1;
    private static final int SHORTEST = 1;
    private static final int LONGEST = 3;
    private static final CharSequenceNormalizer CLEANED = new AggregateCharSequenceNormalizer(
            EmojiCharSequenceNormalizer.getInstance(),
            UrlCharSequenceNormalizer.getInstance(),
            TwitterCharSequenceNormalizer.getInstance(),
            NumberCharSequenceNormalizer.getInstance(),
            ShrinkCharSequenceNormalizer.getInstance());

    LetterSequences() {
        super(SHORTEST, LONGEST, CLEANED);
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T extends CharSequence> T[] getContext(CharSequence text) {
        return (T[]) of(text);
    }

    private static String[] of(CharSequence text) {
        var cleaned = lowered(CLEANED.normalize(text));
        var found = new LinkedHashSet<String>(2 * cleaned.length() * LONGEST);
        for (int length = SHORTEST; length <= LONGEST; length++) {
            for (int start = 0; start + length <= cleaned.length(); start++) {
                found.add(cleaned.substring(start, start + length));
            }
        }
        return found.toArray(String[]::new);
    }

    /// Each character by itself, whatever the language, as the model was trained.
    private static String lowered(CharSequence text) {
        var points = text.codePoints().map(Character::toLowerCase).toArray();
        return new String(points, 0, points.length);
    }
}
