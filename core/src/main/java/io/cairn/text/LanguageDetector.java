package io.cairn.text;

import java.util.Optional;

/// Tells in which language a text is written, or that it cannot tell.
///
/// Short, mixed and doubtful texts give nothing, so that the tenant's default language applies: a wrong
/// language costs more than none, since it picks the analyzer and weighs the models.
@FunctionalInterface
public interface LanguageDetector {

    Optional<Language> detect(String text);

    /// A detector that never knows.
    static LanguageDetector undecided() {
        return text -> Optional.empty();
    }
}
