package io.cairn.model;

import java.util.regex.Pattern;

/// The space that one model's vectors live in; vectors of two spaces are never compared or mixed.
///
/// @param model the model's name as an operator knows it
/// @param fingerprint what else decides the numbers, in lower-case hex: weights, tokenizer, pooling, prefix
/// @param normalised whether every vector has length 1, so that the dot product is the cosine
public record EmbeddingSpace(String model, String fingerprint, int dimensions, boolean normalised) {
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{8,64}");

    public EmbeddingSpace {
        if (model.isBlank() || model.length() > 200) {
            throw new IllegalArgumentException("A model's name has 1 to 200 characters; found '%s'".formatted(model));
        }
        if (!FINGERPRINT.matcher(fingerprint).matches()) {
            throw new IllegalArgumentException(
                    "The fingerprint of model '%s' is 8 to 64 lower-case hex digits; found '%s'"
                            .formatted(model, fingerprint));
        }
        if (dimensions < 1) {
            throw new IllegalArgumentException(
                    "Model '%s' has at least one dimension; found %d".formatted(model, dimensions));
        }
    }

    /// Refuses a vector that cannot be of this space.
    public float[] check(float[] vector) {
        if (vector.length != dimensions) {
            throw new IllegalArgumentException(
                    "A vector of %s has %d dimensions; found %d".formatted(this, dimensions, vector.length));
        }
        return vector;
    }

    /// Whether an index that names this as the space of its vectors means this one.
    ///
    /// @param madeOf as [#toString()] or [#described()] wrote it
    public boolean isNamed(String madeOf) {
        return madeOf.equals(toString()) || madeOf.equals(described());
    }

    /// With everything by which it differs from others.
    public String described() {
        return "%s@%s, %d dimensions".formatted(model, fingerprint, dimensions);
    }

    /// The name of the model of a space that [#toString()] or [#described()] wrote.
    static String modelOf(String madeOf) {
        int at = madeOf.lastIndexOf('@');
        return at < 0 ? madeOf : madeOf.substring(0, at);
    }

    @Override
    public String toString() {
        return model + "@" + fingerprint.substring(0, 8);
    }
}
