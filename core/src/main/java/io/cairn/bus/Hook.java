package io.cairn.bus;

import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/// Where another server's webhooks come in: how they are signed, and whose they are.
///
/// @param name 1 to 64 of `a-z 0-9 _ -`, starting with a letter; also part of the address they are sent to
/// @param secrets each is good, so that one can replace the other
/// @param tolerance how far the sender's clock may be from this one
public record Hook(String name, Tenant tenant, SignatureStyle style, List<WebhookSecret> secrets, Duration tolerance) {
    public static final Duration USUAL_TOLERANCE = Duration.ofMinutes(5);
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,63}");

    public Hook {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "A hook's name is 1 to 64 of a-z, 0-9, '_' and '-', starting with a letter; found '%s'"
                            .formatted(name));
        }
        if (secrets.isEmpty() || !tolerance.isPositive()) {
            throw new IllegalArgumentException("Hook '%s' needs a secret and some tolerance; found %d secrets and %s"
                    .formatted(name, secrets.size(), tolerance));
        }
        secrets = secrets.stream().map(style::require).toList();
    }

    /// The type of the tasks that handle its webhooks, and of their dead letters.
    public String taskType() {
        return "hook." + name;
    }
}
