package io.cairn.adapter.onnx;

import com.ibm.icu.lang.UScript;
import com.ibm.icu.util.ULocale;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/// The scripts in which a model's languages are written.
///
/// A tokenizer often has single letters of other scripts, which it puts together to anything but words: then no token
/// is unknown, and yet the vector says nothing.
///
/// @param codes as ICU numbers scripts; none if any script is read
record Scripts(Set<Integer> codes) {
    private static final double FOREIGN_MAX = .5;

    /// How much of a text is looked at.
    private static final int SAMPLE = 1_000;

    /// @param languages ISO 639 codes; none for any
    static Scripts of(Collection<String> languages) {
        return new Scripts(languages.stream()
                .map(language -> UScript.getCode(new ULocale(language)))
                .flatMap(codes -> codes == null
                        ? Set.<Integer>of().stream()
                        : Arrays.stream(codes).boxed())
                .collect(Collectors.toSet()));
    }

    /// Whether at least half of a text's letters are of these scripts.
    boolean reads(String text) {
        if (codes.isEmpty()) {
            return true;
        }
        var letters =
                text.codePoints().limit(SAMPLE).filter(Character::isLetter).toArray();
        long foreign = Arrays.stream(letters)
                .filter(letter -> !codes.contains(UScript.getScript(letter)))
                .count();
        return foreign <= FOREIGN_MAX * letters.length;
    }
}
