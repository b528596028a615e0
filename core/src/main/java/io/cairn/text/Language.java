package io.cairn.text;

import java.util.Locale;
import java.util.regex.Pattern;

/// A natural language, named by its primary BCP 47 subtag: `en`, `de`, `ro`, `haw`.
public record Language(String tag) {
    private static final Pattern PRIMARY_SUBTAG = Pattern.compile("[a-z]{2,3}");
    private static final String UNDETERMINED = "und";

    public Language {
        if (!PRIMARY_SUBTAG.matcher(tag).matches() || tag.equals(UNDETERMINED)) {
            throw new IllegalArgumentException(
                    "'%s' is not a language: expected the primary subtag of a BCP 47 tag, such as 'en' or 'ro'"
                            .formatted(tag));
        }
    }

    /// The language of a whole tag: `de` of `de-AT`, `he` of the outdated `iw`.
    public static Language ofTag(String tag) {
        return new Language(Locale.forLanguageTag(tag.strip().replace('_', '-')).getLanguage());
    }

    @Override
    public String toString() {
        return tag;
    }
}
