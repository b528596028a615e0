package io.cairn.adapter.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cairn.adapter.aws.SecretsManagerServer.Asked;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SecretsManagerTest {
    private final SecretsManagerServer aws = SecretsManagerServer.start();
    private final SecretsManager secrets = secrets(aws.url());

    private static SecretsManager secrets(URI endpoint) {
        return new SecretsManager(
                new SecretsManagerSettings(Optional.of("eu-central-1"), Optional.of(endpoint), Duration.ofSeconds(2)));
    }

    @AfterEach
    void close() {
        secrets.close();
        aws.close();
    }

    private static SecretPlace place(String name, String field) {
        return new SecretPlace(name, Optional.of(field).filter(known -> !known.isEmpty()), Optional.empty());
    }

    @Test
    void aSecretIsReadByNameAndFieldAndRegion() throws IOException {
        aws.put("mcp-demo/openai", "{\"api_key\":\"sk-1\",\"org\":\"demo\"}");
        aws.put("plain", "sk-2");

        assertThat(secrets.read(place("mcp-demo/openai", "api_key"))).isEqualTo("sk-1");
        assertThat(secrets.read(place("plain", ""))).isEqualTo("sk-2");
        assertThat(secrets.read(new SecretPlace("plain", Optional.empty(), Optional.of("us-east-1"))))
                .isEqualTo("sk-2");

        assertThat(aws.asked())
                .containsExactly(
                        new Asked("eu-central-1", "mcp-demo/openai"),
                        new Asked("eu-central-1", "plain"),
                        new Asked("us-east-1", "plain"));
    }

    @Test
    void anotherVersionIsReadAsItIs() throws IOException {
        aws.put("plain", "sk-1");
        assertThat(secrets.read(place("plain", ""))).isEqualTo("sk-1");
        aws.put("plain", "sk-2");
        assertThat(secrets.read(place("plain", ""))).isEqualTo("sk-2");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> secrets.read(place("nowhere", "")))
                .isInstanceOf(IOException.class)
                .hasMessage("Asked for the secret 'nowhere' of AWS Secrets Manager, AWS answered 400:"
                        + " ResourceNotFoundException");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sk-secret",
                "\"sk-secret\"",
                "{sk-secret}",
                "[\"sk-secret\"]",
                "{\"key\":\"sk-secret\"}",
                "{\"api_key\":{\"sk-secret\":1}}",
                "{\"api_key\":\" \"}"
            })
    void aFieldThatIsNotThereIsNamedAndTheSecretIsNot(String text) {
        aws.put("odd", text);
        assertThatThrownBy(() -> secrets.read(place("odd", "api_key")))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("'odd'", "'api_key'")
                .hasNoCause()
                .message()
                .doesNotContain("sk-secret");
    }

    @Test
    void aServiceThatFailsIsTriedAgainWithinItsTime() {
        aws.fail(500, "{\"__type\":\"InternalServiceError\"}");
        assertThatThrownBy(() -> secrets.read(place("plain", ""))).isInstanceOf(IOException.class);
        assertThat(aws.asked()).hasSizeGreaterThan(1);
    }

    @Test
    void garbageAndSilenceAreFailuresAndNoSecrets() {
        aws.fail(200, "<html>");
        assertThatThrownBy(() -> secrets.read(place("plain", ""))).isInstanceOf(IOException.class);
        aws.stop();
        assertThatThrownBy(() -> secrets.read(place("plain", "")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("AWS could not be asked for the secret 'plain'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://secrets.example.org", "http://10.0.0.7:4566", "ftp://localhost", "localhost"})
    void secretsDoNotTravelInTheClear(String endpoint) {
        assertThatThrownBy(() -> secrets(URI.create(endpoint))).hasMessageContaining("https only");
    }
}
