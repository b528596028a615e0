package io.cairn.adapter.aws;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Secrets in AWS Secrets Manager, read with the credentials that AWS's SDK finds in the environment: variables, files,
/// web identity, or the role of the container or machine.
///
/// No message holds any part of a secret, which is why what a parser says is left out.
public final class SecretsManager implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SecretsManagerSettings settings;
    private final Map<String, SecretsManagerClient> byRegion = new HashMap<>();

    public SecretsManager(SecretsManagerSettings settings) {
        this.settings = settings;
    }

    /// The current version of a secret.
    ///
    /// @throws IOException if it cannot be had; the message says why
    public String read(SecretPlace place) throws IOException {
        var text = text(place);
        return place.field().isPresent() ? field(place, place.field().get(), text) : text;
    }

    private String text(SecretPlace place) throws IOException {
        try {
            var text = client(place)
                    .getSecretValue(request -> request.secretId(place.name()))
                    .secretString();
            if (text == null || text.isBlank()) {
                throw new IOException("There is no text in %s".formatted(place));
            }
            return text;
        } catch (AwsServiceException e) {
            var why = e.awsErrorDetails();
            throw new IOException(
                    "Asked for %s, AWS answered %d: %s"
                            .formatted(place, e.statusCode(), why == null ? e.getMessage() : why.errorCode()),
                    e);
        } catch (SdkException e) {
            throw new IOException("AWS could not be asked for %s: %s".formatted(place, e.getMessage()), e);
        }
    }

    private static String field(SecretPlace place, String field, String text) throws IOException {
        try {
            var value = JSON.readTree(text).path(field);
            if (!value.isString() || value.asString().isBlank()) {
                throw new IOException("There is no text under '%s' in %s".formatted(field, place));
            }
            return value.asString();
        } catch (JacksonException mayQuoteTheSecret) {
            throw new IOException("What stands in %s is no JSON, and so has no field '%s'".formatted(place, field));
        }
    }

    private synchronized SecretsManagerClient client(SecretPlace place) {
        var region = place.region().or(settings::region).orElse("");
        return byRegion.computeIfAbsent(region, this::open);
    }

    /// @param region empty for that of the environment
    private SecretsManagerClient open(String region) {
        var client = SecretsManagerClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(settings.timeout())
                        .socketTimeout(settings.timeout()))
                .overrideConfiguration(limits -> limits.apiCallTimeout(settings.timeout()));
        settings.endpoint().ifPresent(client::endpointOverride);
        if (!region.isEmpty()) {
            client.region(Region.of(region));
        }
        return client.build();
    }

    @Override
    public synchronized void close() {
        byRegion.values().forEach(SecretsManagerClient::close);
        byRegion.clear();
    }
}
