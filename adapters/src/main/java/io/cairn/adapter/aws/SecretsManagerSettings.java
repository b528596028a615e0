package io.cairn.adapter.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/// How AWS Secrets Manager is asked.
///
/// @param region of secrets that name none; none for the one of the environment
/// @param endpoint in place of AWS's own, such as that of a VPC
/// @param timeout of one question, with all attempts
public record SecretsManagerSettings(Optional<String> region, Optional<URI> endpoint, Duration timeout) {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    public SecretsManagerSettings {
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("The time of a question is more than 0; found " + timeout);
        }
        endpoint.filter(url -> !isPrivate(url)).ifPresent(url -> {
            throw new IllegalArgumentException(
                    "Secrets travel over https only, but for this machine's own addresses; found '%s'".formatted(url));
        });
    }

    private static boolean isPrivate(URI url) {
        return url.getHost() != null
                && ("https".equals(url.getScheme())
                        || "http".equals(url.getScheme()) && THIS_MACHINE.contains(url.getHost()));
    }
}
