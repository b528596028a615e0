package io.cairn.server.wiring;

import io.cairn.adapter.aws.SecretPlace;
import io.cairn.adapter.aws.SecretsManagerSettings;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// How AWS Secrets Manager is asked; `cairn.secrets-manager`.
///
/// @param region of secrets that name none; none for the one of the environment
/// @param endpoint in place of AWS's own
/// @param keep how long a secret is used before it is asked for again
/// @param timeout of one question, with all attempts
public record SecretsSettings(
        @Nullable String region,
        @Nullable URI endpoint,
        @DefaultValue("5m") Duration keep,
        @DefaultValue("5s") Duration timeout) {
    public SecretsSettings {
        if (!keep.isPositive()) {
            throw new IllegalArgumentException("cairn.secrets-manager.keep has to be positive; found " + keep);
        }
        settings(region, endpoint, timeout);
    }

    SecretsManagerSettings settings() {
        return settings(region, endpoint, timeout);
    }

    private static SecretsManagerSettings settings(@Nullable String region, @Nullable URI endpoint, Duration timeout) {
        try {
            return new SecretsManagerSettings(Optional.ofNullable(region), Optional.ofNullable(endpoint), timeout);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("cairn.secrets-manager: " + e.getMessage(), e);
        }
    }

    /// Where a secret stands.
    ///
    /// @param name or ARN
    /// @param field of the JSON that stands there; none for all of it
    /// @param region if it is another one
    public record Place(
            String name, @Nullable String field, @Nullable String region) {
        public Place {
            place(name, field, region);
        }

        SecretPlace place() {
            return place(name, field, region);
        }

        private static SecretPlace place(String name, @Nullable String field, @Nullable String region) {
            return new SecretPlace(name, Optional.ofNullable(field), Optional.ofNullable(region));
        }
    }
}
