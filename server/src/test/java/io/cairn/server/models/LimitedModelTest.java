package io.cairn.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelServer;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A provider limits each of its models by itself.
@Timeout(60)
class LimitedModelTest {
    private final ModelServer provider = ModelServer.start();

    @AfterEach
    void close() {
        provider.close();
    }

    private static RunningCairn.Answer chat(RunningCairn cairn, String model) {
        return cairn.post(
                "/openai/v1/chat/completions",
                "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}".formatted(model));
    }

    @Test
    void aModelThatIsLimitedIsHeldBackWhileTheOthersOfItsProviderAnswer(@TempDir Path data) {
        try (var cairn = RunningCairn.startCheaply(
                data,
                "--cairn.models.providers.main.url=" + provider.url() + "/v1",
                "--cairn.models.providers.main.attempts=1",
                "--cairn.models.providers.main.failures=2",
                "--cairn.models.chat.busy.provider=main",
                "--cairn.models.chat.calm.provider=main")) {
            for (int i = 0; i < 2; i++) {
                provider.then(ModelReply.status(429, "{}"));
                assertThat(chat(cairn, "busy").has(429).text("/error/code")).isEqualTo("model_limited");
            }
            int asked = provider.requests().size();

            var held = chat(cairn, "busy").has(429);
            assertThat(held.text("/error/code")).isEqualTo("model_limited");
            assertThat(Integer.parseInt(held.header("Retry-After"))).isBetween(1, 60);
            assertThat(provider.requests()).hasSize(asked);
            chat(cairn, "calm").has(200);
            assertThat(cairn.get("/metrics").response().body())
                    .contains(
                            "model_limit_state{model=\"busy\",provider=\"main\"} 2.0",
                            "model_limit_state{model=\"calm\",provider=\"main\"} 0.0",
                            "model_breaker_state{provider=\"main\"} 0.0");
        }
    }
}
