package io.cairn.server.security;

import java.util.List;
import java.util.Optional;

/// The keys that this server knows.
public final class ApiKeys {
    private final List<ApiKey> keys;

    public ApiKeys(List<ApiKey> keys) {
        this.keys = List.copyOf(keys);
    }

    /// The key with this secret. How long that takes tells nothing about any of them.
    Optional<ApiKey> find(String secret) {
        var digest = ApiKey.digest(secret);
        ApiKey found = null;
        for (var key : keys) {
            if (key.opensWith(digest)) {
                found = key;
            }
        }
        return Optional.ofNullable(found);
    }
}
