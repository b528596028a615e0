package io.cairn.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.testkit.ModelServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The vectors that a provider itself gives for the texts `one` and `two`, which clients are to get through Cairn.
final class ProvidersVectors {
    private static final Offset<Float> ROUNDING = Offset.offset(1e-6f);
    private static final String ASKED = "{\"model\":\"embedder\",\"input\":[\"one\",\"two\"],\"dimensions\":8}";

    private final List<float[]> vectors;

    private ProvidersVectors(List<float[]> vectors) {
        this.vectors = vectors;
    }

    static ProvidersVectors of(ModelServer provider) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(provider.url().resolve("/v1/embeddings"))
                .POST(BodyPublishers.ofString(ASKED))
                .build();
        try (var http = HttpClient.newHttpClient()) {
            var data = JsonMapper.shared()
                    .readTree(http.send(request, BodyHandlers.ofString()).body())
                    .path("data");
            var vectors = new ArrayList<float[]>();
            data.forEach(item -> vectors.add(ofLengthOne(numbers(item.path("embedding")))));
            assertThat(vectors).hasSize(2);
            return new ProvidersVectors(vectors);
        }
    }

    static float[] numbers(JsonNode array) {
        var numbers = new float[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.path(i).floatValue();
        }
        return numbers;
    }

    /// As Cairn keeps them.
    private static float[] ofLengthOne(float[] vector) {
        double squares = 0;
        for (float number : vector) {
            squares += (double) number * number;
        }
        for (int i = 0; i < vector.length; i++) {
            vector[i] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    /// Fails unless a client got these, in this order.
    void assertAre(List<float[]> got) {
        assertThat(got).hasSize(vectors.size());
        for (int i = 0; i < vectors.size(); i++) {
            assertThat(got.get(i)).containsExactly(vectors.get(i), ROUNDING);
        }
    }
}
