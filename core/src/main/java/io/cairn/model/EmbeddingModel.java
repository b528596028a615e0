package io.cairn.model;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

/// A model that turns texts into vectors of one space.
///
/// Any text is welcome: an empty one, one longer than the model's window, one with broken characters. Nothing is cut
/// silently. A call that is interrupted gives up soon.
public interface EmbeddingModel extends AutoCloseable {
    EmbeddingSpace space();

    /// Whether this model makes vectors of the space that an index names.
    ///
    /// @param madeOf as it stands in the index, maybe written when the same space had another fingerprint
    default boolean isOf(String madeOf) {
        return space().isNamed(madeOf);
    }

    /// The space with everything by which it differs from others, as operators read it.
    default String described() {
        return space().described();
    }

    /// Whether this is only the name of a model that cannot be run here.
    default boolean isAbsent() {
        return false;
    }

    /// What computes, as metrics name it, such as `onnx`.
    String provider();

    /// Whether calls of it are bounded in time and number by a guard of their own, as those of a provider are.
    default boolean isGuarded() {
        return false;
    }

    /// The languages that it understands, as ISO 639 codes in lower case; empty if it understands any.
    Set<String> languages();

    /// Embeds what somebody searches for, with whatever the model wants in front of it. Never waits behind passages.
    float[] embedQuery(String query);

    /// Embeds texts to be found, one vector per passage in the same order.
    List<float[]> embedPassages(List<String> passages);

    /// The same, and tells what each call of a provider took, as it becomes known.
    default List<float[]> embedPassages(List<String> passages, Consumer<Usage> used) {
        return embedPassages(passages);
    }

    /// The same for a query.
    default float[] embedQuery(String query, Consumer<Usage> used) {
        return embedQuery(query);
    }

    /// Whether a text's vector says what it means. Of a text that is made of characters the model has no token for, all
    /// vectors are nearly one.
    default boolean reads(String text) {
        return true;
    }

    @Override
    void close();

    /// @param language a BCP 47 tag such as `en` or `de-AT`
    default boolean understands(String language) {
        var code = language.split("[-_]", 2)[0].toLowerCase(Locale.ROOT);
        return languages().isEmpty() || languages().contains(code);
    }

    /// A deterministic model without weights: texts that share words are near each other.
    static EmbeddingModel inMemory(int dimensions) {
        return new WordHashModel(dimensions);
    }
}
