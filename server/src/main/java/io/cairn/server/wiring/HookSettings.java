package io.cairn.server.wiring;

import io.cairn.bus.Hook;
import io.cairn.bus.SignatureStyle;
import io.cairn.bus.WebhookSecret;
import io.cairn.tenant.Tenant;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// A hook, at which another server's webhooks come in; `cairn.hooks.NAME`.
///
/// @param style how the sender signs: standard, github or stripe
/// @param secrets any of which may have signed, so that one can replace another
/// @param tenant whose the webhooks are
/// @param tolerance how far the sender's clock may be from this one
/// @param event the type of the events that they become: text with `{topic}`, `{delivery}` or a JSON pointer in it
/// @param stream the type and the id of those events' streams, likewise
public record HookSettings(
        @DefaultValue("standard") SignatureStyle style,
        List<String> secrets,
        @DefaultValue("default") String tenant,
        @DefaultValue("5m") Duration tolerance,
        @DefaultValue("hook.{topic}") String event,
        @DefaultValue("hook/{delivery}") String stream) {
    public HookSettings {
        secrets = List.copyOf(secrets);
    }

    Hook hook(String name) {
        try {
            return new Hook(
                    name,
                    Tenant.ofCaller(tenant),
                    style,
                    secrets.stream().map(WebhookSecret::new).toList(),
                    tolerance);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("cairn.hooks.%s: %s".formatted(name, e.getMessage()), e);
        }
    }

    /// Secrets show nowhere.
    @Override
    public String toString() {
        return "a hook of style " + style;
    }
}
