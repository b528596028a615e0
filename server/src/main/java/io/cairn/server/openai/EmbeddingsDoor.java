package io.cairn.server.openai;

import io.cairn.model.EmbeddingException;
import io.cairn.model.EmbeddingSpaces;
import io.cairn.model.Embeddings;
import io.cairn.model.Payer;
import io.cairn.server.http.Call;
import io.cairn.server.http.Connections;
import io.cairn.server.http.Trouble;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.node.ObjectNode;

/// Vectors of texts by the model that Cairn embeds with, which has seen most of them before; and by the
/// former one while its index answers.
@RestController
@RequestMapping("/openai/v1/embeddings")
final class EmbeddingsDoor {
    private static final int CHARACTERS_PER_TOKEN = 4;

    private final EmbeddingSpaces spaces;
    private final Connections connections;
    private final OpenCalls calls;

    EmbeddingsDoor(EmbeddingSpaces spaces, Connections connections, OpenCalls calls) {
        this.spaces = spaces;
        this.connections = connections;
        this.calls = calls;
    }

    @PostMapping
    Map<String, Object> embed(Call call, HttpServletRequest request) throws IOException {
        var body = Requests.body(request);
        var model = Requests.model(request, body, name -> of(name).isPresent());
        var embeddings = of(model).orElseThrow();
        requireDimensions(embeddings, body);
        boolean base64 = isBase64(body);
        var texts = TextInput.texts(body.path("input"));
        call.count("texts", texts.size());
        var vectors = vectors(call, request, embeddings, texts);
        long tokens = texts.stream().mapToLong(EmbeddingsDoor::tokens).sum();
        return Map.of(
                "object",
                "list",
                "model",
                model,
                "data",
                IntStream.range(0, vectors.size())
                        .mapToObj(index -> embedding(index, vectors.get(index), base64))
                        .toList(),
                "usage",
                Map.of("prompt_tokens", tokens, "total_tokens", tokens));
    }

    private Optional<Embeddings> of(String model) {
        return spaces.running().stream()
                .filter(embeddings -> embeddings.space().model().equals(model))
                .findFirst();
    }

    private List<float[]> vectors(Call call, HttpServletRequest request, Embeddings embeddings, List<String> texts) {
        try (var place = calls.take(call)) {
            return Attended.work(
                    connections.client(request), () -> embeddings.passages(Payer.of(call.context()), texts));
        } catch (EmbeddingException e) {
            throw ModelTroubles.of(e);
        }
    }

    private static void requireDimensions(Embeddings embeddings, ObjectNode body) {
        int own = embeddings.space().dimensions();
        if (body.hasNonNull("dimensions") && body.path("dimensions").asInt(0) != own) {
            throw Trouble.MODEL_REFUSED.because("The vectors of this model have %d dimensions".formatted(own));
        }
    }

    private static boolean isBase64(ObjectNode body) {
        return switch (body.path("encoding_format").asString("float")) {
            case "float" -> false;
            case "base64" -> true;
            default -> throw Trouble.MODEL_REFUSED.because("encoding_format is 'float' or 'base64'");
        };
    }

    /// An estimate: most texts are not given to a model at all.
    private static long tokens(String text) {
        return Math.ceilDiv(text.length(), CHARACTERS_PER_TOKEN);
    }

    private static Map<String, Object> embedding(int index, float[] vector, boolean base64) {
        return Map.of("object", "embedding", "index", index, "embedding", base64 ? encoded(vector) : vector);
    }

    private static String encoded(float[] vector) {
        var bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
