package io.cairn.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cairn.adapter.aws.SecretsManagerServer;
import io.cairn.server.RunningCairn;
import io.cairn.testkit.ModelReply;
import io.cairn.testkit.ModelServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The key of a provider is a secret of AWS Secrets Manager.
@Timeout(60)
class ProviderSecretTest {
    private static final String CHAT = "{\"model\":\"small\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";

    private final ModelServer provider = ModelServer.start();
    private final SecretsManagerServer aws = SecretsManagerServer.start();

    @TempDir
    Path data;

    @AfterEach
    void close() {
        provider.close();
        aws.close();
    }

    private RunningCairn start(String... more) {
        var settings = new ArrayList<>(List.of(
                "--cairn.secrets-manager.endpoint=" + aws.url(),
                "--cairn.secrets-manager.region=eu-central-1",
                "--cairn.models.providers.main.url=" + provider.url() + "/v1",
                "--cairn.models.providers.main.attempts=1",
                "--cairn.models.providers.main.key-secret.name=mcp-demo/openai",
                "--cairn.models.providers.main.key-secret.field=api_key",
                "--cairn.models.chat.small.provider=main"));
        settings.addAll(List.of(more));
        return RunningCairn.startCheaply(data, settings.toArray(String[]::new));
    }

    private static RunningCairn.Answer chat(RunningCairn cairn) {
        return cairn.post("/openai/v1/chat/completions", CHAT);
    }

    private List<String> keys() {
        return provider.requests().stream()
                .map(request -> request.header("Authorization").orElse("none"))
                .toList();
    }

    @Test
    void aKeyThatIsRotatedIsReadAgainWhenTheProviderRefusesTheOldOne() {
        aws.put("mcp-demo/openai", "{\"api_key\":\"sk-old\"}");
        try (var cairn = start()) {
            assertThat(aws.asked()).as("before anybody needs it").isEmpty();
            chat(cairn).has(200);
            chat(cairn).has(200);
            assertThat(aws.asked()).containsExactly(new SecretsManagerServer.Asked("eu-central-1", "mcp-demo/openai"));

            aws.put("mcp-demo/openai", "{\"api_key\":\"sk-new\"}");
            // A key that was just read is taken for the newest for a while.
            await().pollInterval(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> {
                        provider.then(
                                ModelReply.status(401, "{\"error\":{\"message\":\"Incorrect API key: sk-old\"}}"));
                        chat(cairn).has(200);
                    });
            chat(cairn).has(200);
        }
        assertThat(keys())
                .startsWith("Bearer sk-old", "Bearer sk-old", "Bearer sk-old")
                .endsWith("Bearer sk-new", "Bearer sk-new");
    }

    @Test
    void aKeyThatChangedIsInUseWithoutARestart() {
        aws.put("mcp-demo/openai", "{\"api_key\":\"sk-old\"}");
        try (var cairn = start("--cairn.secrets-manager.keep=1ms")) {
            chat(cairn).has(200);
            aws.put("mcp-demo/openai", "{\"api_key\":\"sk-new\"}");
            await().untilAsserted(() -> {
                chat(cairn).has(200);
                assertThat(keys().getLast()).isEqualTo("Bearer sk-new");
            });
        }
    }

    @Test
    void aSecretThatCannotBeHadFailsTheCallAndSaysNothingOfItToTheClient() {
        try (var cairn = start()) {
            var answer = chat(cairn).has(502);
            assertThat(answer.text("/error/code")).isEqualTo("model_broken");
            assertThat(provider.requests()).isEmpty();
        }
    }

    @Test
    void aKeyThatTheProviderRefusesIsToldToNobody() {
        aws.put("mcp-demo/openai", "{\"api_key\":\"sk-old\"}");
        provider.then(ModelReply.status(401, "{\"error\":{\"message\":\"Incorrect API key: sk-old\"}}"));
        try (var cairn = start()) {
            assertThat(chat(cairn).has(502).response().body()).doesNotContain("sk-old");
        }
    }

    @Test
    void aProviderHasOneKey() {
        assertThatThrownBy(() -> start("--cairn.models.providers.main.key=sk"))
                .hasStackTraceContaining("has one of key, key-file and key-secret");
        assertThatThrownBy(() -> start("--cairn.secrets-manager.endpoint=http://secrets.example.org"))
                .hasStackTraceContaining("Secrets travel over https only");
    }
}
