package io.cairn.recall;

import io.cairn.model.Embeddings;
import io.cairn.tenant.Tenant;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/// The vectors of units, each the mean of what its texts mean.
public final class UnitVectors {
    private UnitVectors() {}

    /// @return for each unit, by identity, a vector of length 1
    public static Map<IndexUnit, float[]> of(Tenant tenant, List<IndexUnit> units, Embeddings embeddings) {
        var texts = units.stream()
                .flatMap(unit -> unit.meanings().stream().flatMap(List::stream))
                .toList();
        var embedded = embeddings.passages(tenant, texts).iterator();
        var vectors = new IdentityHashMap<IndexUnit, float[]>();
        for (var unit : units) {
            var groups = unit.meanings().stream()
                    .map(group -> mean(group.stream().map(text -> embedded.next()).toList()))
                    .toList();
            vectors.put(unit, mean(groups));
        }
        return vectors;
    }

    /// The direction in which vectors of length 1 point together.
    static float[] mean(Collection<float[]> vectors) {
        var first = vectors.iterator().next();
        if (vectors.size() == 1) {
            return first;
        }
        var sum = new float[first.length];
        for (var vector : vectors) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += vector[i];
            }
        }
        return normalised(sum);
    }

    /// The vector itself, stretched to length 1.
    static float[] normalised(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        float length = (float) Math.sqrt(squares);
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= length;
        }
        return vector;
    }
}
