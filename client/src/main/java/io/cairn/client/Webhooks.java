package io.cairn.client;

import io.cairn.client.wire.NewSecret;
import io.cairn.client.wire.NewWebhook;
import io.cairn.client.wire.Page;
import io.cairn.client.wire.Webhook;
import io.cairn.client.wire.WebhookPing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Servers of a tenant that are told of events by webhooks.
public final class Webhooks {
    private final Transport transport;

    Webhooks(Transport transport) {
        this.transport = transport;
    }

    /// Makes one; the answer is the only one that holds its secret.
    public Webhook create(NewWebhook webhook) {
        return transport.send(Call.post(Address.of("webhooks"), webhook, Call.Again.ONLY_IF_REFUSED), Webhook.class);
    }

    public List<Webhook> list() {
        Page<Webhook> page = transport.page(Call.get(Address.of("webhooks")), Webhook.class);
        return page.items();
    }

    public Webhook find(String id) {
        return transport.send(Call.get(Address.of("webhooks", id)), Webhook.class);
    }

    /// Changes what is not null.
    public Webhook change(String id, NewWebhook changes) {
        return transport.send(Call.put(Address.of("webhooks", id), changes, Call.Again.ONLY_IF_REFUSED), Webhook.class);
    }

    public void delete(String id) {
        transport.send(Call.delete(Address.of("webhooks", id)), Webhook.class);
    }

    /// Sends again what was held while it was off.
    public Webhook enable(String id) {
        return act(id, "enable");
    }

    /// Sends nothing more, and holds what there would be to send.
    public Webhook disable(String id) {
        return act(id, "disable");
    }

    private Webhook act(String id, String what) {
        return transport.send(
                Call.post(Address.of("webhooks", id, what), new NewSecret(null), Call.Again.ONLY_IF_REFUSED),
                Webhook.class);
    }

    /// Replaces the secret; the former one signs too for a while. The answer is the only one that holds the new one.
    public Webhook rotate(String id, @Nullable String secret) {
        return transport.send(
                Call.post(Address.of("webhooks", id, "secret"), new NewSecret(secret), Call.Again.ONLY_IF_REFUSED),
                Webhook.class);
    }

    /// Sends one that says nothing.
    public WebhookPing ping(String id) {
        return transport.send(
                Call.post(Address.of("webhooks", id, "ping"), new NewSecret(null), Call.Again.ONLY_IF_REFUSED),
                WebhookPing.class);
    }
}
