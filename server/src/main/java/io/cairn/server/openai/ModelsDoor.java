package io.cairn.server.openai;

import io.cairn.model.EmbeddingSpaces;
import io.cairn.model.Gateway;
import io.cairn.server.security.Granted;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// The models that a key may use.
@RestController
@RequestMapping("/openai/v1/models")
final class ModelsDoor {
    private final Gateway gateway;
    private final EmbeddingSpaces spaces;

    ModelsDoor(Gateway gateway, EmbeddingSpaces spaces) {
        this.gateway = gateway;
        this.spaces = spaces;
    }

    @GetMapping
    Map<String, Object> list(HttpServletRequest request) {
        return Map.of(
                "object",
                "list",
                "data",
                allowed(request).map(ModelsDoor::model).toList());
    }

    @GetMapping("/{model}")
    Map<String, Object> one(HttpServletRequest request, @PathVariable String model) {
        return model(Requests.require(request, model, List.copyOf(names().toList())::contains));
    }

    private Stream<String> allowed(HttpServletRequest request) {
        return names().filter(name -> Granted.allowsModel(request, name));
    }

    private Stream<String> names() {
        return Stream.concat(
                        gateway.names().stream(),
                        spaces.running().stream()
                                .map(embeddings -> embeddings.space().model()))
                .distinct();
    }

    private static Map<String, Object> model(String name) {
        return Map.of("id", name, "object", "model", "created", 0, "owned_by", "cairn");
    }
}
