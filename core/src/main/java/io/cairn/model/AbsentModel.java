package io.cairn.model;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// A model by which an index was made and that this server cannot run: it stands for its vectors, and makes none.
final class AbsentModel implements EmbeddingModel {
    private static final Pattern DESCRIBED = Pattern.compile("(.+)@([0-9a-f]{8,64})(?:, (\\d{1,9}) dimensions)?");

    private final String madeOf;
    private final EmbeddingSpace space;

    /// @param madeOf the space as it stands in the index, which need not tell the dimensions
    AbsentModel(String madeOf) {
        this.madeOf = madeOf;
        var parts = DESCRIBED.matcher(madeOf);
        if (!parts.matches()) {
            throw new IllegalArgumentException("No space of vectors is called '%s'".formatted(madeOf));
        }
        int dimensions = parts.group(3) == null ? 1 : Integer.parseInt(parts.group(3));
        this.space = new EmbeddingSpace(parts.group(1), parts.group(2), dimensions, true);
    }

    @Override
    public boolean isAbsent() {
        return true;
    }

    @Override
    public EmbeddingSpace space() {
        return space;
    }

    @Override
    public String described() {
        return madeOf;
    }

    @Override
    public boolean isOf(String other) {
        return madeOf.equals(other);
    }

    @Override
    public String provider() {
        return "none";
    }

    @Override
    public Set<String> languages() {
        return Set.of();
    }

    @Override
    public float[] embedQuery(String query) {
        throw away();
    }

    @Override
    public List<float[]> embedPassages(List<String> passages) {
        throw away();
    }

    private ModelException away() {
        return ModelException.of(
                provider(), ModelException.Kind.AWAY, "Model '%s' cannot be run here".formatted(madeOf));
    }

    @Override
    public void close() {
        // There is nothing.
    }
}
