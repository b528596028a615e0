package io.cairn.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/// Providers and their keys are named by variables, as containers are told their settings.
class ModelsInTheEnvironmentTest {
    @Test
    void theFileWithTheKeyOfAProviderIsNamedByAVariable() {
        var providers = bound(Map.of(
                        "CAIRN_MODELS_PROVIDERS_OPENAI_URL", "https://api.openai.com/v1",
                        "CAIRN_MODELS_PROVIDERS_OPENAI_KEY_FILE", "/run/secrets/openai",
                        "CAIRN_MODELS_PROVIDERS_LOCAL_TYPE", "ollama",
                        "CAIRN_MODELS_PROVIDERS_LOCAL_URL", "http://127.0.0.1:11434"))
                .providers();

        assertThat(providers).containsOnlyKeys("openai", "local");
        var remote = Objects.requireNonNull(providers.get("openai"));
        assertThat(remote.keyFile()).isEqualTo(Path.of("/run/secrets/openai"));
        assertThat(remote.key()).isNull();
        assertThat(Objects.requireNonNull(providers.get("local")).keyFile()).isNull();
    }

    private static ModelsSettings bound(Map<String, Object> variables) {
        var environment = new SystemEnvironmentPropertySource("systemEnvironment", variables);
        return new Binder(Objects.requireNonNull(ConfigurationPropertySource.from(environment)))
                .bindOrCreate("cairn.models", ModelsSettings.class);
    }
}
