package io.cairn.adapter.provider;

import io.cairn.model.ModelException;
import io.cairn.model.Usage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// What a provider answered to a batch of texts, checked: one vector for each text, of the right size, with numbers in
/// it and a direction.
///
/// @param vectors in the order of the texts, of length 1
/// @param usage if the provider told
record EmbeddingAnswer(List<float[]> vectors, Optional<Usage> usage) {
    /// @param texts how many there were
    /// @param garbled makes the exception that says what is wrong
    static EmbeddingAnswer read(String body, int texts, int dimensions, Function<String, ModelException> garbled) {
        return new Reading(texts, dimensions, garbled).read(body);
    }

    /// Vectors come as numbers or in base64, whatever was asked for.
    private record Reading(int texts, int dimensions, Function<String, ModelException> garbled) {
        EmbeddingAnswer read(String body) {
            var json = ProviderHttp.json(body, garbled);
            var data = json.path("data");
            if (data.size() != texts) {
                throw garbled.apply("%d texts with %d vectors".formatted(texts, data.size()));
            }
            var vectors = new float[texts][];
            for (int i = 0; i < texts; i++) {
                int index = index(data, i);
                if (vectors[index] != null) {
                    throw garbled.apply("two vectors for text %d".formatted(index));
                }
                vectors[index] = normalised(vector(data.path(i).path("embedding")));
            }
            return new EmbeddingAnswer(Arrays.asList(vectors), usage(json.path("usage")));
        }

        /// Some servers leave all indexes out, and mean the order.
        private int index(JsonNode data, int place) {
            var index = data.path(place).path("index");
            boolean none = index.isMissingNode() && data.path(0).path("index").isMissingNode();
            if (none) {
                return place;
            }
            if (!index.isIntegralNumber() || index.asLong() < 0 || index.asLong() >= texts) {
                throw garbled.apply("a vector for text %s of %d".formatted(index, texts));
            }
            return index.asInt();
        }

        private float[] vector(JsonNode embedding) {
            var vector = embedding.isString() ? decoded(embedding.asString()) : numbers(embedding);
            if (vector.length != dimensions) {
                throw garbled.apply("a vector of %d dimensions instead of %d".formatted(vector.length, dimensions));
            }
            return vector;
        }

        private float[] numbers(JsonNode array) {
            var vector = new float[array.size()];
            for (int i = 0; i < vector.length; i++) {
                if (!array.path(i).isNumber()) {
                    throw garbled.apply("a vector that holds something else than numbers");
                }
                vector[i] = (float) array.path(i).asDouble();
            }
            return vector;
        }

        private float[] decoded(String base64) {
            try {
                var bytes = ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
                var vector = new float[bytes.remaining() / Float.BYTES];
                bytes.asFloatBuffer().get(vector);
                return vector;
            } catch (IllegalArgumentException e) {
                throw garbled.apply("a vector that is no base64");
            }
        }

        private float[] normalised(float[] vector) {
            double squares = 0;
            for (float value : vector) {
                squares += (double) value * value;
            }
            if (!Double.isFinite(squares) || squares == 0) {
                throw garbled.apply("a vector without a direction");
            }
            for (int i = 0; i < vector.length; i++) {
                vector[i] /= (float) Math.sqrt(squares);
            }
            return vector;
        }

        private static Optional<Usage> usage(JsonNode usage) {
            var tokens = usage.path("prompt_tokens");
            return tokens.isIntegralNumber() && tokens.asLong() >= 0
                    ? Optional.of(new Usage(tokens.asLong(), 0, false))
                    : Optional.empty();
        }
    }
}
