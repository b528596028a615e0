package io.cairn.adapter.opennlp;

import io.cairn.text.Language;
import io.cairn.text.LanguageDetector;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import opennlp.tools.langdetect.LanguageDetectorFactory;
import opennlp.tools.langdetect.LanguageDetectorME;
import opennlp.tools.langdetect.LanguageDetectorModel;

/// Tells the language by the frequency of letter sequences; the model is loaded with the first text.
///
/// The confidence is no probability that could be compared between texts: it shrinks with the text, and is a
/// few percent for a question that is told right. What separates right from wrong is how far the best
/// language is ahead of the next one. Of questions in English, German and Romanian a lead of half told 56 to
/// 95 % and one in a thousand wrong, of paragraphs 99 % and four in a thousand wrong.
public final class OpenNlpLanguageDetector implements LanguageDetector {
    private static final int SHORTEST_TEXT = 20;

    /// More text costs time, a millisecond for every hundred characters, and no longer changes the outcome.
    private static final int SAMPLE_LENGTH = 1_000;

    private static final double LEAD = 1.5;

    /// The model writes languages in three letters, which BCP 47 allows only where there are not two.
    private static final Map<String, String> TWO_LETTERS = Stream.of(Locale.getISOLanguages())
            .collect(Collectors.toUnmodifiableMap(
                    tag -> Locale.of(tag).getISO3Language(), tag -> tag, (first, second) -> first));

    /// The model tells these apart from a language that everybody calls by the common name.
    private static final Map<String, String> COMMON_NAMES = Map.of(
            "cmn", "zh", "nob", "no", "nno", "no", "ekk", "et", "lvs", "lv", "plt", "mg", "pes", "fa", "azj", "az");

    @Override
    public Optional<Language> detect(String text) {
        String sample = sample(text);
        if (sample.length() < SHORTEST_TEXT) {
            return Optional.empty();
        }
        var ranked = new LanguageDetectorME(Model.LOADED).predictLanguages(sample);
        boolean leads = ranked.length > 1 && ranked[0].getConfidence() >= LEAD * ranked[1].getConfidence();
        return leads ? Optional.of(language(ranked[0].getLang())) : Optional.empty();
    }

    private static String sample(String text) {
        String start = text.strip();
        boolean isShort = start.codePointCount(0, start.length()) <= SAMPLE_LENGTH;
        return isShort ? start : start.substring(0, start.offsetByCodePoints(0, SAMPLE_LENGTH));
    }

    private static Language language(String threeLetters) {
        String common = COMMON_NAMES.get(threeLetters);
        return new Language(common != null ? common : TWO_LETTERS.getOrDefault(threeLetters, threeLetters));
    }

    /// The model with letter sequences of our own making.
    private static final class Quick extends LanguageDetectorModel {
        private static final long serialVersionUID = 1;
        private static final LanguageDetectorFactory FACTORY = new LanguageDetectorFactory() {
            @Override
            public LetterSequences getContextGenerator() {
                return new LetterSequences();
            }
        };

        Quick(InputStream stream) throws IOException {
            super(stream);
        }

        @Override
        public LanguageDetectorFactory getFactory() {
            return FACTORY;
        }
    }

    /// Loaded when first used, so that the server's start does not wait for it.
    private static final class Model {
        private static final String FILE = "/langdetect-183.bin";
        private static final LanguageDetectorModel LOADED = load();

        private static LanguageDetectorModel load() {
            try (InputStream stream = OpenNlpLanguageDetector.class.getResourceAsStream(FILE)) {
                if (stream == null) {
                    throw new FileNotFoundException("%s is not on the class path".formatted(FILE));
                }
                return new Quick(stream);
            } catch (IOException e) {
                throw new UncheckedIOException("The model for languages cannot be loaded", e);
            }
        }
    }
}
