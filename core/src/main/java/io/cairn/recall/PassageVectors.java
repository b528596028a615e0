package io.cairn.recall;

import io.cairn.event.StorageException;
import io.cairn.follow.TryAgainException;
import io.cairn.model.EmbeddingException;
import io.cairn.model.Embeddings;
import io.cairn.passage.Passage;
import io.cairn.tenant.Tenant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/// The vectors of passages, each the mean of what its texts mean.
public final class PassageVectors {
    private static final System.Logger LOG = System.getLogger(PassageVectors.class.getName());

    private PassageVectors() {}

    /// The vectors of all passages, of any tenants, whose language the model understands, whose own stretch it can
    /// read, and whose texts its provider takes.
    ///
    /// @return for each of them, by identity, a vector of length 1
    /// @throws TryAgainException if they cannot be embedded now
    public static Map<Passage, float[]> of(Collection<Passage> passages, Embeddings embeddings) {
        var byTenant = new HashMap<Tenant, List<Passage>>();
        passages.stream()
                .filter(passage -> embeddings.understands(passage.ref().language()))
                .filter(passage -> embeddings.reads(passage.texts().getFirst()))
                .forEach(passage -> byTenant.computeIfAbsent(passage.tenant(), tenant -> new ArrayList<>())
                        .add(passage));
        var vectors = new IdentityHashMap<Passage, float[]>();
        try {
            byTenant.forEach((tenant, wanted) -> vectors.putAll(of(tenant, wanted, embeddings)));
        } catch (EmbeddingException | StorageException e) {
            throw new TryAgainException("Passages could not be embedded", e);
        }
        return vectors;
    }

    /// @return for each passage of which the model takes a text, by identity, a vector of length 1
    public static Map<Passage, float[]> of(Tenant tenant, List<Passage> passages, Embeddings embeddings) {
        var taken = embeddings.taken(
                tenant, passages.stream().flatMap(PassageVectors::texts).toList());
        var vectors = new IdentityHashMap<Passage, float[]>();
        for (var passage : passages) {
            tellRefused(passage, taken);
            var groups = passage.meanings().stream()
                    .map(group ->
                            group.stream().filter(taken.vectors()::containsKey).toList())
                    .filter(group -> !group.isEmpty())
                    .map(group -> sum(
                            group,
                            text -> Objects.requireNonNull(taken.vectors().get(text)),
                            String::length))
                    .toList();
            if (!groups.isEmpty()) {
                vectors.put(passage, sum(groups, vector -> vector, vector -> 1));
            }
        }
        return vectors;
    }

    private static Stream<String> texts(Passage passage) {
        return passage.meanings().stream().flatMap(List::stream);
    }

    private static void tellRefused(Passage passage, Embeddings.Taken taken) {
        var refused = texts(passage).filter(taken.refused()::containsKey).toList();
        if (!refused.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "{0} of the {1} texts of passage {2} of tenant ''{3}'' can be found by their words only: {4}",
                    refused.size(),
                    texts(passage).count(),
                    passage.ref().id(),
                    passage.tenant().id(),
                    Objects.requireNonNull(taken.refused().get(refused.getFirst()))
                            .getMessage());
        }
    }

    /// The direction in which vectors of length 1 point together, each with its weight.
    private static <T> float[] sum(List<T> of, Function<T, float[]> vector, ToIntFunction<T> weight) {
        float[] sum = null;
        for (var one : of) {
            var added = vector.apply(one);
            if (of.size() == 1) {
                return added;
            }
            sum = sum == null ? new float[added.length] : sum;
            for (int i = 0; i < sum.length; i++) {
                sum[i] += weight.applyAsInt(one) * added[i];
            }
        }
        if (sum == null) {
            throw new IllegalArgumentException("A passage has at least one text to embed");
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
