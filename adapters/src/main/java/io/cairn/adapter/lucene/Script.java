package io.cairn.adapter.lucene;

import java.lang.Character.UnicodeScript;

/// How words are told apart in a script.
enum Script {
    /// By what stands between them.
    SPACED,
    /// Not at all, so that each two neighbouring characters are looked for: Chinese, Japanese; and Korean, whose words
    /// carry endings.
    PAIRED,
    /// Only by a dictionary: Thai, Lao, Khmer, Burmese.
    DICTIONARY;

    static Script of(int point) {
        return point < 0x0E00
                ? SPACED
                : switch (UnicodeScript.of(point)) {
                    case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO -> PAIRED;
                    case THAI, LAO, KHMER, MYANMAR -> DICTIONARY;
                    case COMMON -> point == 0x30FC || point == 0xFF70 ? PAIRED : SPACED;
                    default -> SPACED;
                };
    }
}
