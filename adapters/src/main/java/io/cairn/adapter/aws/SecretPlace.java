package io.cairn.adapter.aws;

import java.util.Optional;

/// Where a secret stands in AWS Secrets Manager.
///
/// @param name or ARN
/// @param field whose text is the secret, where what stands there is a JSON object; none for all of it
/// @param region such as `eu-central-1`; none for the one of the settings or of the environment
public record SecretPlace(String name, Optional<String> field, Optional<String> region) {
    public SecretPlace {
        if (name.isBlank() || field.filter(String::isBlank).isPresent()) {
            throw new IllegalArgumentException("A secret of AWS Secrets Manager has a name, and its field one, too");
        }
    }

    @Override
    public String toString() {
        return "the secret '%s' of AWS Secrets Manager".formatted(name);
    }
}
