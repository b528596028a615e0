package io.cairn.server.security;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cairn.tenant.Tenant;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Pattern;

/// A key as the server knows it: by its digest only.
///
/// @param sha256 of the secret, 64 hexadecimal digits in lower case
/// @param name under which it stands in logs and events
/// @param tenants that it is valid for; none means all
/// @param models that it may use, by name or by a beginning with `*` behind it; none means all
public record ApiKey(String name, String sha256, Set<Tenant> tenants, Set<Scope> scopes, Set<String> models) {
    private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{64}");

    public ApiKey {
        if (name.isBlank() || !DIGEST.matcher(sha256).matches() || scopes.isEmpty()) {
            throw new IllegalArgumentException(
                    "A key has a name, the SHA-256 of the secret as 64 hexadecimal digits, and at least one scope");
        }
        tenants = Set.copyOf(tenants);
        scopes = Set.copyOf(scopes);
        models = Set.copyOf(models);
    }

    boolean allowsModel(String model) {
        return models.isEmpty()
                || models.stream()
                        .anyMatch(allowed -> allowed.endsWith("*")
                                ? model.startsWith(allowed.substring(0, allowed.length() - 1))
                                : model.equals(allowed));
    }

    /// The key that may do everything.
    public static ApiKey admin(String secret) {
        return new ApiKey("admin", digest(secret), Set.of(), Set.of(Scope.ADMIN), Set.of());
    }

    /// Compares in the same time, whatever differs.
    boolean opensWith(String digest) {
        return MessageDigest.isEqual(sha256.getBytes(UTF_8), digest.getBytes(UTF_8));
    }

    static String digest(String secret) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
